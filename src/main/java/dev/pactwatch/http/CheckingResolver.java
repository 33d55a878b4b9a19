package dev.pactwatch.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Resolves and checks in one step, at the moment of connecting: the client dials the very addresses
 * this returns, so a name cannot point elsewhere between check and use.
 */
final class CheckingResolver implements DnsResolver, AutoCloseable {

  /** How names become addresses; another one in tests. */
  @FunctionalInterface
  interface Names {
    InetAddress[] addresses(String host) throws UnknownHostException;
  }

  /** A name that leads to an address that must not be dialled. */
  static final class RefusedAddress extends UnknownHostException {
    private static final long serialVersionUID = 1L;

    RefusedAddress(String why) {
      super(why);
    }
  }

  private final AddressGuard guard;
  private final Names names;
  private final Duration timeout;

  /** The system's resolver can hang for minutes and cannot be interrupted, so it waits here. */
  private final ExecutorService lookups =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "http-lookup");
            thread.setDaemon(true);
            return thread;
          });

  CheckingResolver(AddressGuard guard, Names names, Duration timeout) {
    this.guard = guard;
    this.names = names;
    this.timeout = timeout;
  }

  @Override
  public InetAddress[] resolve(String host) throws UnknownHostException {
    InetAddress[] found = lookUp(host);
    // One inner address among public ones is how a name is rebound: all or none.
    for (InetAddress address : found) {
      Optional<String> refusal = guard.refusal(host, address);
      if (refusal.isPresent()) {
        throw new RefusedAddress(refusal.get());
      }
    }
    return found;
  }

  private InetAddress[] lookUp(String host) throws UnknownHostException {
    String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    Optional<byte[]> literal = AddressGuard.literal(bare);
    if (literal.isPresent()) {
      return new InetAddress[] {InetAddress.getByAddress(literal.get())};
    }
    Future<InetAddress[]> lookup = lookups.submit(() -> names.addresses(bare));
    try {
      InetAddress[] found = lookup.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return Arrays.copyOf(found, found.length);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownHostException unknown) {
        throw unknown;
      }
      throw unknown(host, e);
    } catch (TimeoutException e) {
      lookup.cancel(true);
      throw unknown(host, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      lookup.cancel(true);
      throw unknown(host, e);
    }
  }

  private static UnknownHostException unknown(String host, Exception cause) {
    UnknownHostException unknown = new UnknownHostException(host);
    unknown.initCause(cause);
    return unknown;
  }

  @Override
  public String resolveCanonicalHostname(String host) {
    return host;
  }

  @Override
  public void close() {
    lookups.shutdownNow();
  }
}

package dev.pactwatch.notify.channel;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * A mail server that answers each command as a test wants, and turns to TLS when asked to. It takes
 * what no answer is given for.
 */
final class ScriptedSmtp implements AutoCloseable {

  private final ServerSocket socket;
  private final SSLContext tls;
  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private final List<String> commands = new CopyOnWriteArrayList<>();
  private final List<Socket> open = new CopyOnWriteArrayList<>();

  /**
   * @param tls offered by STARTTLS; null for no offer
   */
  ScriptedSmtp(SSLContext tls) throws IOException {
    this.tls = tls;
    this.socket = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.1"));
    daemon(this::accept);
  }

  /** Answers commands that begin so; a text without digits is silence. */
  ScriptedSmtp on(String command, String answer) {
    answers.put(command, answer);
    return this;
  }

  /** What was said, in order; {@code (TLS)} where the connection turned to it. */
  List<String> commands() {
    return commands;
  }

  int port() {
    return socket.getLocalPort();
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "scripted-smtp");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        open.add(client);
        daemon(() -> serve(client));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket plain) {
    try (plain) {
      Socket client = plain;
      say(client, answers.getOrDefault("CONNECT", "220 scripted"));
      BufferedReader in = reader(client);
      String line;
      while ((line = in.readLine()) != null) {
        commands.add(line);
        String known = line;
        String answer =
            answers.entrySet().stream()
                .filter(entry -> known.startsWith(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(usual(line));
        say(client, answer);
        if (line.equals("STARTTLS") && answer.startsWith("220")) {
          SSLSocket secure =
              (SSLSocket)
                  tls.getSocketFactory()
                      .createSocket(plain, "localhost", plain.getLocalPort(), true);
          secure.setUseClientMode(false);
          secure.startHandshake();
          commands.add("(TLS)");
          client = secure;
          in = reader(client);
        } else if (line.equals("DATA") && answer.startsWith("354")) {
          while (!".".equals(in.readLine())) {
            // The tests with GreenMail look at what arrives.
          }
          commands.add(".");
          say(client, answers.getOrDefault(".", "250 taken"));
        } else if (line.equals("QUIT")) {
          return;
        }
      }
    } catch (IOException e) {
      // The client went away.
      return;
    }
  }

  private String usual(String line) {
    if (line.startsWith("EHLO")) {
      return tls == null || commands.contains("(TLS)")
          ? "250-scripted\r\n250 AUTH PLAIN LOGIN"
          : "250-scripted\r\n250 STARTTLS";
    }
    if (line.startsWith("AUTH")) {
      return "235 welcome";
    }
    return line.equals("DATA") ? "354 go on" : line.equals("STARTTLS") ? "220 go on" : "250 fine";
  }

  private static BufferedReader reader(Socket client) throws IOException {
    return new BufferedReader(
        new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1));
  }

  private static void say(Socket client, String answer) throws IOException {
    if (Character.isDigit(answer.charAt(0))) {
      OutputStream out = client.getOutputStream();
      out.write((answer + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
      for (Socket client : open) {
        client.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

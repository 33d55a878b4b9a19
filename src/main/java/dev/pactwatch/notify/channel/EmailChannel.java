package dev.pactwatch.notify.channel;

import dev.pactwatch.notify.channel.Outcome.Reason;
import dev.pactwatch.notify.channel.Outcome.Trace;
import dev.pactwatch.notify.subscription.Target;
import jakarta.mail.Address;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Authenticator;
import jakarta.mail.MessagingException;
import jakarta.mail.PasswordAuthentication;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.URLName;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPTransport;

/**
 * Mail over SMTP. One message goes to all addresses of a subscription in one transaction, and none
 * of them reads the others.
 *
 * <p>Where the server takes some addresses and not others, those that it took or refused for good
 * are done and are left out of later attempts, as long as this channel lives; after a restart they
 * can get the same mail, with the same Message-ID, once more. The message counts as delivered when
 * no address is left to try and at least one took it; which ones were refused stands in the trace.
 * Who must be told for certain gets a subscription alone.
 */
final class EmailChannel implements Channel {

  /** Codes by which a server asks for a login, or for another one. */
  private static final Set<Integer> LOGIN_WANTED = Set.of(530, 534, 535, 538);

  /** What is remembered of messages that some of their addresses have taken. */
  private static final int REMEMBERED = 10_000;

  /** More alerts than that make a mail that nobody reads. */
  private static final int MAX_ALERTS = 100;

  private final Target.Email target;
  private final List<InternetAddress> addresses;
  private final MailSettings settings;
  private final Templates templates;
  private final SSLContext trust;
  private final ScheduledExecutorService deadlines;

  /** Per message: the addresses that are done, and whether they took it. */
  private final Map<String, Map<String, Boolean>> done =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Map<String, Boolean>> eldest) {
          return size() > REMEMBERED;
        }
      };

  /**
   * @param trust certificates to trust in place of the runtime's; null for the runtime's
   * @param deadlines closes connections that take too long
   * @throws IllegalArgumentException when an address of the target is none
   */
  EmailChannel(
      Target.Email target,
      MailSettings settings,
      Templates templates,
      SSLContext trust,
      ScheduledExecutorService deadlines) {
    this.target = target;
    this.addresses = target.to().stream().map(EmailChannel::address).toList();
    this.settings = settings;
    this.templates = templates;
    this.trust = trust;
    this.deadlines = deadlines;
  }

  private static InternetAddress address(String text) {
    try {
      InternetAddress address = new InternetAddress(text, true);
      if (address.getAddress().indexOf('@') > 0 && Clean.line(text).equals(text)) {
        return new InternetAddress(address.getAddress(), true);
      }
    } catch (AddressException e) {
      throw new IllegalArgumentException("is no mail address: " + text, e);
    }
    throw new IllegalArgumentException("is no mail address: " + text);
  }

  @Override
  public Message render(Notification notification) {
    byte[] mail =
        MailMessage.of(
            notification,
            settings.sender(),
            addresses.stream().map(InternetAddress::getAddress).toList(),
            templates.message(Part.EMAIL_SUBJECT, notification, MAX_ALERTS),
            templates.message(Part.EMAIL_TEXT, notification, MAX_ALERTS),
            templates.message(Part.EMAIL_HTML, notification, MAX_ALERTS));
    return new Message(notification.id(), "message/rfc822", Map.of(), mail);
  }

  @Override
  public Outcome send(Message message, Attempt attempt) throws InterruptedException {
    List<InternetAddress> open;
    synchronized (done) {
      if (attempt.manual()) {
        // A person who sends it again wants it sent.
        done.remove(message.id());
      }
      Set<String> already = done.getOrDefault(message.id(), Map.of()).keySet();
      open = addresses.stream().filter(a -> !already.contains(a.getAddress())).toList();
    }
    Exchange exchange = new Exchange();
    MessagingException failure = null;
    if (!open.isEmpty()) {
      ScheduledFuture<?> deadline =
          deadlines.schedule(
              exchange::stop, settings.timeout().multipliedBy(4).toMillis(), TimeUnit.MILLISECONDS);
      try {
        exchange.run(message, open);
      } catch (MessagingException e) {
        failure = e;
      } finally {
        deadline.cancel(false);
        exchange.close();
      }
    }
    if (Thread.interrupted()) {
      throw new InterruptedException("stopped while sending");
    }
    return failure == null || failure instanceof SendFailedException
        ? settle(message, open, (SendFailedException) failure, exchange)
        : failed(failure, exchange);
  }

  /** Reads off which addresses are done, and makes one outcome of all. */
  private Outcome settle(
      Message message, List<InternetAddress> open, SendFailedException failure, Exchange exchange) {
    Replies replies = new Replies(open, failure);
    Map<String, Boolean> all;
    synchronized (done) {
      Map<String, Boolean> known = done.computeIfAbsent(message.id(), id -> new TreeMap<>());
      known.putAll(replies.done);
      all = Map.copyOf(known);
      if (all.size() == addresses.size()) {
        done.remove(message.id());
      }
    }
    long took = all.values().stream().filter(taken -> taken).count();
    Trace trace = exchange.trace(replies.status, replies.answer.toString());
    if (all.size() < addresses.size()) {
      return new Outcome.Failed(
          replies.reason,
          took + " of " + addresses.size() + " addresses took it" + replies.said(),
          Optional.empty(),
          trace);
    }
    return took > 0
        ? new Outcome.Delivered(trace)
        : new Outcome.Refused(replies.reason, "the mail server refuses it" + replies.said(), trace);
  }

  private Outcome failed(MessagingException failure, Exchange exchange) {
    Trace trace = exchange.trace(null, null);
    Reason reason;
    String detail;
    if (exchange.stopped.get() || caused(failure, SocketTimeoutException.class)) {
      reason = Reason.TIMEOUT;
      detail = "the mail server does not answer in time";
    } else if (failure instanceof AuthenticationFailedException) {
      reason = Reason.AUTHENTICATION;
      detail = "the mail server refuses the login";
    } else if (caused(failure, UnknownHostException.class)) {
      reason = Reason.NAME_NOT_FOUND;
      detail = "the mail server's name does not resolve";
    } else if (caused(failure, SSLException.class) || exchange.wantsTls(failure)) {
      reason = Reason.TLS;
      detail = "no trusted TLS connection to the mail server";
    } else if (caused(failure, IOException.class)) {
      reason = Reason.CONNECTION;
      detail = "no connection to the mail server";
    } else {
      reason = Reason.SERVER_ERROR;
      detail = "the mail server does not take mail";
    }
    Optional<Duration> wait =
        reason == Reason.TIMEOUT ? Optional.of(HttpPost.THROTTLED) : Optional.empty();
    return new Outcome.Failed(reason, detail, wait, trace);
  }

  private static boolean caused(Throwable failure, Class<? extends Exception> by) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (by.isInstance(cause)) {
        return true;
      }
    }
    return false;
  }

  /** What the server said of each address, and of the message. */
  private static final class Replies {

    private final Map<String, Boolean> done = new TreeMap<>();
    private final StringBuilder answer = new StringBuilder();
    private final Set<String> taken = new HashSet<>();
    private Integer status;
    private Reason reason = Reason.SERVER_ERROR;

    Replies(List<InternetAddress> open, SendFailedException failure) {
      if (failure == null) {
        open.forEach(address -> done.put(address.getAddress(), true));
        status = 250;
        return;
      }
      Address[] sent = failure.getValidSentAddresses();
      for (Address address : sent == null ? new Address[0] : sent) {
        taken.add(((InternetAddress) address).getAddress());
      }
      for (Exception e = failure; e != null; e = next(e)) {
        if (e instanceof SMTPAddressFailedException refused) {
          address(refused.getAddress().getAddress(), refused.getReturnCode());
        } else if (e instanceof SMTPSendFailedException refused && taken.isEmpty()) {
          whole(open, String.valueOf(refused.getCommand()), refused.getReturnCode());
        }
      }
      taken.forEach(address -> done.put(address, true));
    }

    private static Exception next(Exception e) {
      return e instanceof MessagingException messaging ? messaging.getNextException() : null;
    }

    /** Content that is refused is so for every address; a sender can be mended in the settings. */
    private void whole(List<InternetAddress> open, String command, int code) {
      answer.append(code).append(" for the message\n");
      status = code;
      if (LOGIN_WANTED.contains(code)) {
        reason = Reason.AUTHENTICATION;
      } else if (code / 100 == 5) {
        reason = code == 552 ? Reason.TOO_LARGE : Reason.CLIENT_ERROR;
        if (command.equals("DATA") || command.equals(".")) {
          open.forEach(address -> done.put(address.getAddress(), false));
        }
      }
    }

    private void address(String address, int code) {
      answer.append(code).append(" for ").append(address).append('\n');
      status = status == null ? (Integer) code : status;
      if (code / 100 == 5 && !LOGIN_WANTED.contains(code)) {
        reason = Reason.CLIENT_ERROR;
        done.put(address, false);
      }
    }

    String said() {
      return status == null ? "" : " (" + status + ")";
    }
  }

  /** One connection to the server, which can be cut off from outside. */
  private final class Exchange {

    private final AtomicBoolean stopped = new AtomicBoolean();
    private Socket socket;
    private String address;

    void run(Message message, List<InternetAddress> to) throws MessagingException {
      Session session = Session.getInstance(properties(), login());
      SMTPTransport smtp =
          new SMTPTransport(
              session, new URLName("smtp", settings.host(), settings.port(), null, null, null));
      try {
        smtp.connect(dial());
        smtp.sendMessage(
            new MimeMessage(session, new ByteArrayInputStream(message.body())),
            to.toArray(Address[]::new));
      } catch (IOException e) {
        throw new MessagingException("no connection", e);
      }
      // QUIT is a courtesy: what the server answers to it changes nothing.
      close(smtp);
    }

    private static void close(SMTPTransport smtp) {
      try {
        smtp.close();
      } catch (MessagingException e) {
        // The message is with the server.
        return;
      }
    }

    private Authenticator login() {
      if (settings.user() == null) {
        return null;
      }
      return new Authenticator() {
        @Override
        protected PasswordAuthentication getPasswordAuthentication() {
          return new PasswordAuthentication(settings.user(), settings.password().reveal());
        }
      };
    }

    private Socket dial() throws IOException {
      int millis = Math.toIntExact(settings.timeout().toMillis());
      InetSocketAddress server = new InetSocketAddress(settings.host(), settings.port());
      if (server.isUnresolved()) {
        throw new UnknownHostException(settings.host());
      }
      address = server.getAddress().getHostAddress();
      Socket plain = new Socket();
      keep(plain);
      plain.connect(server, millis);
      plain.setSoTimeout(millis);
      if (settings.security() != MailSettings.Security.TLS) {
        return plain;
      }
      SSLSocket secure =
          (SSLSocket)
              context()
                  .getSocketFactory()
                  .createSocket(plain, settings.host(), settings.port(), true);
      SSLParameters parameters = secure.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      secure.setSSLParameters(parameters);
      secure.startHandshake();
      return secure;
    }

    private synchronized void keep(Socket opened) throws IOException {
      socket = opened;
      if (stopped.get()) {
        opened.close();
      }
    }

    /** Closing the socket ends whatever waits for it. */
    synchronized void stop() {
      stopped.set(true);
      close();
    }

    synchronized void close() {
      if (socket != null) {
        try {
          socket.close();
        } catch (IOException e) {
          // Nothing is left to be lost.
          return;
        }
      }
    }

    private Properties properties() {
      Properties properties = new Properties();
      String millis = Long.toString(settings.timeout().toMillis());
      properties.put("mail.smtp.host", settings.host());
      properties.put("mail.smtp.port", Integer.toString(settings.port()));
      properties.put("mail.smtp.connectiontimeout", millis);
      properties.put("mail.smtp.timeout", millis);
      properties.put("mail.smtp.writetimeout", millis);
      properties.put("mail.smtp.from", settings.sender().getAddress());
      properties.put("mail.smtp.localhost", helo());
      properties.put("mail.smtp.sendpartial", "true");
      properties.put("mail.smtp.quitwait", "false");
      properties.put("mail.smtp.ssl.checkserveridentity", "true");
      properties.put("mail.smtp.ssl.protocols", "TLSv1.2 TLSv1.3");
      if (trust != null) {
        properties.put("mail.smtp.ssl.socketFactory", trust.getSocketFactory());
      }
      if (settings.security() == MailSettings.Security.STARTTLS) {
        properties.put("mail.smtp.starttls.enable", "true");
        properties.put("mail.smtp.starttls.required", "true");
      }
      if (settings.user() != null) {
        properties.put("mail.smtp.auth", "true");
        properties.put("mail.smtp.user", settings.user());
        properties.put("mail.smtp.auth.mechanisms", "PLAIN LOGIN");
      }
      return properties;
    }

    /** Not this machine's name, which need not be known to anybody. */
    private String helo() {
      String sender = settings.sender().getAddress();
      return sender.substring(sender.lastIndexOf('@') + 1);
    }

    private SSLContext context() throws IOException {
      try {
        return trust == null ? SSLContext.getDefault() : trust;
      } catch (NoSuchAlgorithmException e) {
        throw new IOException("no TLS in this runtime", e);
      }
    }

    /** The library says so in words alone. */
    boolean wantsTls(MessagingException failure) {
      return settings.security() == MailSettings.Security.STARTTLS
          && String.valueOf(failure.getMessage()).contains("STARTTLS");
    }

    Trace trace(Integer status, String answer) {
      Map<String, String> headers = new TreeMap<>();
      headers.put("to", target.shown());
      return new Trace(
          address,
          status,
          headers,
          answer == null || answer.isEmpty() ? null : Clean.cut(answer, Trace.MAX_ANSWER));
    }
  }
}

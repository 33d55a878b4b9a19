package dev.pactwatch.web;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pactwatch.json.Json;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * A client of the live stream on a bare socket, so that it can break off anywhere and read as
 * slowly as it likes.
 */
final class StreamReader implements AutoCloseable {

  enum Kind {
    EVENTS,
    SOCKET
  }

  /**
   * @param id the cursor to go on from
   */
  record Event(String event, String id, JsonNode data) {

    boolean isAlert() {
      return event.equals("alert");
    }
  }

  private static final int CONTINUATION = 0;
  static final int TEXT = 1;
  static final int BINARY = 2;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  static final int PONG = 10;

  private final Kind kind;
  private final Socket socket;
  private final DataInputStream in;
  private final String status;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private int chunk;
  private int closeCode;

  private StreamReader(Kind kind, Socket socket) throws IOException {
    this.kind = kind;
    this.socket = socket;
    this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    this.status = header();
    while (!header().isEmpty()) {
      // Nothing in the other lines matters here.
    }
  }

  /**
   * @param since the cursor to go on from, or null
   * @param headers further ones, as {@code Name: value}
   */
  static StreamReader open(Kind kind, int port, String since, String... headers)
      throws IOException {
    return open(kind, port, 0, since, headers);
  }

  /**
   * The same.
   *
   * @param buffer bytes that the system may receive before they are read; 0 for as many as it likes
   */
  static StreamReader open(Kind kind, int port, int buffer, String since, String... headers)
      throws IOException {
    Socket socket = new Socket();
    if (buffer > 0) {
      socket.setReceiveBufferSize(buffer);
    }
    try {
      socket.connect(new InetSocketAddress("127.0.0.1", port), 5_000);
      socket.setSoTimeout((int) Duration.ofSeconds(20).toMillis());
      StringBuilder request = new StringBuilder("GET /alerts/");
      request.append(kind == Kind.EVENTS ? "stream" : "ws");
      if (since != null) {
        request.append("?since=").append(URLEncoder.encode(since, StandardCharsets.UTF_8));
      }
      request.append(" HTTP/1.1\r\nHost: 127.0.0.1:").append(port).append("\r\n");
      if (kind == Kind.SOCKET) {
        request.append(
            """
            Upgrade: websocket\r
            Connection: Upgrade\r
            Sec-WebSocket-Version: 13\r
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
            """);
      }
      for (String header : headers) {
        request.append(header).append("\r\n");
      }
      request.append("\r\n");
      socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.US_ASCII));
      return new StreamReader(kind, socket);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** Of the answer's head. */
  int status() {
    return Integer.parseInt(status.split(" ")[1]);
  }

  /** Of the frame that ended the stream; 0 before that. */
  int closeCode() {
    return closeCode;
  }

  /**
   * The next event.
   *
   * @throws EOFException when the other side ended the stream
   */
  Event next() throws IOException {
    return kind == Kind.EVENTS ? nextEvent() : nextFrame();
  }

  Event nextAlert() throws IOException {
    Event event = next();
    while (!event.isAlert()) {
      event = next();
    }
    return event;
  }

  /** Sends one frame, masked with zeros. */
  void send(int opcode, byte[] payload) throws IOException {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(0x80 | opcode);
    if (payload.length < 126) {
      frame.write(0x80 | payload.length);
    } else {
      frame.write(0x80 | 126);
      frame.write(payload.length >> 8);
      frame.write(payload.length);
    }
    frame.writeBytes(new byte[4]);
    frame.writeBytes(payload);
    socket.getOutputStream().write(frame.toByteArray());
  }

  /** Breaks off, whatever is under way. */
  @Override
  public void close() throws IOException {
    socket.close();
  }

  private Event nextEvent() throws IOException {
    String id = null;
    String event = null;
    while (true) {
      String text = bodyLine();
      if (text.startsWith("id: ")) {
        id = text.substring(4);
      } else if (text.startsWith("event: ")) {
        event = text.substring(7);
      } else if (text.startsWith("data: ")) {
        JsonNode data = Json.mapper().readTree(text.substring(6));
        bodyLine();
        return new Event(event, id, data);
      }
    }
  }

  private Event nextFrame() throws IOException {
    while (true) {
      int first = in.readUnsignedByte();
      int length = in.readUnsignedByte();
      if (length == 126) {
        length = in.readUnsignedShort();
      } else if (length == 127) {
        length = Math.toIntExact(in.readLong());
      }
      byte[] payload = new byte[length];
      in.readFully(payload);
      switch (first & 0x0f) {
        case TEXT -> {
          JsonNode frame = Json.mapper().readTree(payload);
          return new Event(
              frame.path("event").asText(), frame.path("id").asText(), frame.get("data"));
        }
        case PING -> send(PONG, payload);
        case CLOSE -> {
          closeCode = (payload[0] & 0xff) << 8 | payload[1] & 0xff;
          throw new EOFException("closed with " + closeCode);
        }
        case CONTINUATION, BINARY -> throw new IOException("an event is one text frame");
        default -> throw new IOException("opcode " + (first & 0x0f));
      }
    }
  }

  private String header() throws IOException {
    line.reset();
    for (int next = in.readUnsignedByte(); next != '\n'; next = in.readUnsignedByte()) {
      if (next != '\r') {
        line.write(next);
      }
    }
    return line.toString(StandardCharsets.UTF_8);
  }

  /** A line of the answer's body, which comes in chunks. */
  private String bodyLine() throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    while (true) {
      if (chunk == 0) {
        chunk = Integer.parseInt(header(), 16);
        if (chunk == 0) {
          throw new EOFException("ended");
        }
      }
      int next = in.readUnsignedByte();
      if (--chunk == 0) {
        header();
      }
      if (next == '\n') {
        return text.toString(StandardCharsets.UTF_8);
      }
      text.write(next);
    }
  }
}

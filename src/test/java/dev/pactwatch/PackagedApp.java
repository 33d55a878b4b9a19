package dev.pactwatch;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pactwatch.json.Json;
import java.io.IOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The packaged application as a process of its own, as a user runs it. */
public final class PackagedApp implements AutoCloseable {

  private static final Pattern ADDRESS = Pattern.compile("http://127\\.0\\.0\\.1:(\\d+)/");
  private static final Duration START = Duration.ofSeconds(120);

  private final Process process;
  private final Path data;
  private final Path out;
  private final Path err;

  private PackagedApp(Process process, Path data, Path out, Path err) {
    this.process = process;
    this.data = data;
    this.out = out;
    this.err = err;
  }

  /**
   * Starts {@code pactwatch COMMAND ...}.
   *
   * @param folder receives the output of the process
   * @param system properties of the JVM
   */
  public static PackagedApp start(Path folder, Path data, List<String> system, String... arguments)
      throws IOException {
    return start(folder, data, Map.of(), system, arguments);
  }

  /**
   * The same in an environment of its own.
   *
   * @param environment variables beside those of this process
   */
  public static PackagedApp start(
      Path folder,
      Path data,
      Map<String, String> environment,
      List<String> system,
      String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx256m");
    command.add("-XX:+UseSerialGC");
    command.addAll(system);
    command.add("-jar");
    command.add(jar().toString());
    command.addAll(List.of(arguments));
    Path out = Files.createTempFile(folder, "out", ".txt");
    Path err = Files.createTempFile(folder, "err", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    return new PackagedApp(process, data, out, err);
  }

  public static Path jar() {
    return Path.of(System.getProperty("pactwatch.jar"));
  }

  /** Waits for the end of a short command, and returns its status. */
  public int status() throws InterruptedException {
    if (!process.waitFor(START.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("does not end: " + err());
    }
    return process.exitValue();
  }

  /** Waits until every part says that it is ready. */
  public PackagedApp awaitReady() {
    await()
        .atMost(START)
        .pollInterval(Duration.ofMillis(100))
        .until(
            () -> {
              if (!process.isAlive()) {
                throw new AssertionError("ended with " + process.exitValue() + ": " + err());
              }
              return port() > 0 && ready();
            });
    return this;
  }

  public String bootstrapServers() throws IOException {
    JsonNode running = Json.mapper().readTree(Files.readString(data.resolve("running.json")));
    return running.get("kafka").asText();
  }

  public HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return get(path, "*/*");
  }

  /**
   * The same.
   *
   * @param accept media type that is asked for
   */
  public HttpResponse<String> get(String path, String accept)
      throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .timeout(Duration.ofSeconds(10))
                .header("Accept", accept)
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }

  private boolean ready() throws IOException, InterruptedException {
    try {
      return get("/q/health/ready").statusCode() == 200;
    } catch (ConnectException e) {
      return false;
    }
  }

  /** Whether it runs and every part says that it is ready; asks once, for a moment. */
  public boolean readyNow() {
    int port = port();
    if (port == 0 || !alive()) {
      return false;
    }
    try {
      HttpURLConnection asked =
          (HttpURLConnection)
              URI.create("http://127.0.0.1:" + port + "/q/health/ready").toURL().openConnection();
      asked.setConnectTimeout(1_000);
      asked.setReadTimeout(1_000);
      try {
        return asked.getResponseCode() == 200;
      } finally {
        asked.disconnect();
      }
    } catch (IOException e) {
      return false;
    }
  }

  public boolean alive() {
    return process.isAlive();
  }

  public long pid() {
    return process.pid();
  }

  public int port() {
    Matcher address = ADDRESS.matcher(err());
    return address.find() ? Integer.parseInt(address.group(1)) : 0;
  }

  public String out() {
    return read(out);
  }

  public String err() {
    return read(err);
  }

  /** As {@code kill -9} does. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** As Ctrl-C does; returns the status. */
  public int stop() throws InterruptedException {
    process.destroy();
    return status();
  }

  @Override
  public void close() throws InterruptedException {
    if (process.isAlive()) {
      kill();
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Reads alerts and prints a line for each revision, once. It knows nothing of Pactwatch but the
 * topic alerts.v1, the CloudEvents headers and the schema alert.v1. Needs kafka-clients and
 * jackson-databind:
 *
 * <pre>java -cp 'lib/*' AlertConsumer.java 127.0.0.1:19092 my-group [client.properties]</pre>
 */
public class AlertConsumer {

  private static final String TOPIC = "pactwatch.alerts.v1";
  private static final String TYPE = "dev.pactwatch.alert.v1";
  private static final int REMEMBERED = 10_000;

  public static void main(String[] args) throws Exception {
    Properties p = new Properties();
    if (args.length > 2) {
      // security.protocol, sasl.*, ssl.*
      try (Reader file = new FileReader(args[2], StandardCharsets.UTF_8)) {
        p.load(file);
      }
    }
    p.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, args[0]);
    p.put(ConsumerConfig.GROUP_ID_CONFIG, args[1]);
    // What a transaction wrote that was given up is not there.
    p.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    p.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    // A place is committed once the work is done: what a crash repeats is recognised below.
    p.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");

    ObjectMapper json = new ObjectMapper();
    // A real one outlives the process: keep it where the work is kept, in the same transaction.
    Map<String, Integer> done =
        new LinkedHashMap<>() {
          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
            return size() > REMEMBERED;
          }
        };
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(p, new StringDeserializer(), new ByteArrayDeserializer())) {
      consumer.subscribe(List.of(TOPIC));
      while (true) {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(500))) {
          Header type = record.headers().lastHeader("ce_type");
          if (record.value() == null
              || type == null
              || !TYPE.equals(new String(type.value(), StandardCharsets.UTF_8))) {
            continue; // Nothing of this contract.
          }
          JsonNode alert = json.readTree(record.value());
          String id = alert.path("id").asText();
          int revision = alert.path("revision").asInt();
          if (done.getOrDefault(id, 0) < revision) {
            System.out.printf(
                "%s %d %s %s: %s%n",
                id,
                revision,
                alert.path("change").asText(),
                alert.path("severity").asText(),
                alert.path("title").asText().replaceAll("\\p{Cntrl}", "?"));
            System.out.flush();
            done.put(id, revision);
          }
        }
        consumer.commitSync();
      }
    }
  }
}

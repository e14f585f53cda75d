package dev.valence.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.valence.model.TinyModel;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What {@code ops/} holds fits the processor. */
@ExtendWith(TestBroker.Extension.class)
class OperationsTest {

  private static final Pattern METRIC =
      Pattern.compile("\\b(valence_(?!rules\\b)[a-z_]+|kafka_[a-z_]+|process_[a-z_]+)\\b");

  private final Path ops = Path.of(System.getProperty("basedir", "."), "../../ops");

  @Test
  void everyMetricOfARuleOrAPanelExists(TestBroker broker, @TempDir Path models) throws Exception {
    TinyModel.write(models.resolve("1"));
    ValenceConfig config =
        broker.config("operations", models, Map.of("valence.input.format", "text"));
    TreeSet<String> named = new TreeSet<>();
    for (String file : List.of("prometheus/valence.rules.yml", "grafana/dashboards/valence.json")) {
      named.addAll(
          METRIC
              .matcher(Files.readString(ops.resolve(file)))
              .results()
              .map(MatchResult::group)
              .toList());
    }
    assertThat(named).contains("valence_reviews_total", "kafka_consumer_fetch_manager_records_lag");

    try (SentimentStream stream = TestBroker.start(config)) {
      broker.produce(
          List.of(new ProducerRecord<>(config.reviewsTopic(), "A good film.".getBytes(UTF_8))));
      broker.read(config.sentimentsTopic(), 1);
      String page = TestBroker.get(stream, "/metrics").body();

      assertThat(named)
          .allSatisfy(name -> assertThat(page).containsPattern("(?m)^(# TYPE )?" + name + "[{ ]"));
    }
  }

  @Test
  void theContainersConfigurationIsSound() throws IOException {
    Properties file = new Properties();
    try (Reader in = Files.newBufferedReader(ops.resolve("docker/valence.properties"))) {
      file.load(in);
    }
    Map<String, String> keys = new HashMap<>();
    file.stringPropertyNames().forEach(key -> keys.put(key, file.getProperty(key)));

    ValenceConfig config = new ValenceConfig(keys);

    String compose = Files.readString(ops.resolve("../docker-compose.yml"));
    assertThat(compose).contains(config.kafka().bootstrapServers().toArray(String[]::new));
    assertThat(compose)
        .contains("models:" + config.modelRepository(), ":" + config.httpPort() + "\"");
    assertThat(
            Files.readAllLines(ops.resolve("prometheus/prometheus.yml")).stream()
                .collect(Collectors.joining("\n")))
        .contains("valence:" + config.httpPort());
  }
}

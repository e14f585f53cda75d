package dev.valence.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.valence.model.TinyModel;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
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

  private static final Pattern OWN_METRIC =
      Pattern.compile("(?m)(?<=^# TYPE )valence_\\w+(?<!_created)(?= )");
  private static final Pattern METRIC =
      Pattern.compile("\\b(valence_(?!rules\\b)[a-z_]+|kafka_[a-z_]+|process_[a-z_]+)\\b");

  private final Path ops = Path.of(System.getProperty("basedir", "."), "../../ops");

  @Test
  void everyMetricOfARuleOrAPanelExists(TestBroker broker, @TempDir Path models) throws Exception {
    TinyModel.write(models.resolve("1"));
    ValenceConfig config =
        broker.config(
            "operations",
            models,
            Map.of("valence.input.format", "text", "valence.trends.enabled", "true"));
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
      assertThat(OWN_METRIC.matcher(page).results().map(MatchResult::group))
          .hasSizeGreaterThan(20)
          .allSatisfy(name -> assertThat(new MetricsReference().markdown()).contains(name));
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

  @Test
  void theComposeFileFitsTogether() throws IOException {
    Path root = ops.resolve("..").toRealPath();
    JsonNode compose =
        new YAMLMapper().readTree(Files.readString(root.resolve("docker-compose.yml")));
    JsonNode services = compose.path("services");
    String dockerfile = Files.readString(ops.resolve("docker/Dockerfile"));

    assertThat(services.size()).isGreaterThan(4);
    for (JsonNode service : services) {
      String image = service.path("image").asText();
      assertThat(image).as("pinned").matches("[a-z./-]+:.*[0-9].*").doesNotEndWith(":latest");
      service
          .path("ports")
          .forEach(
              port -> assertThat(port.asText()).as("this machine only").startsWith("127.0.0.1:"));
      service
          .path("volumes")
          .forEach(
              volume -> {
                String source = volume.asText().split(":")[0];
                boolean exists =
                    source.startsWith(".")
                        ? Files.exists(root.resolve(source))
                        : compose.path("volumes").has(source);
                assertThat(exists).as(source).isTrue();
              });
      service
          .path("depends_on")
          .properties()
          .forEach(
              needed -> {
                JsonNode other = services.path(needed.getKey());
                boolean tellsItsHealth =
                    other.has("healthcheck")
                        || other.has("build") && dockerfile.contains("HEALTHCHECK");
                assertThat(tellsItsHealth).as(needed.toString()).isTrue();
              });
    }
  }

  @Test
  void theDashboardsPanelsStandBesideEachOther() throws IOException {
    JsonNode panels =
        new JsonMapper()
            .readTree(Files.readString(ops.resolve("grafana/dashboards/valence.json")))
            .path("panels");
    Set<Integer> ids = new HashSet<>();
    Set<List<Integer>> cells = new HashSet<>();
    for (JsonNode panel : panels) {
      JsonNode place = panel.path("gridPos");
      assertThat(ids.add(panel.path("id").asInt())).as(panel.path("title").asText()).isTrue();
      assertThat(place.path("x").asInt() + place.path("w").asInt()).isLessThanOrEqualTo(24);
      for (int x = 0; x < place.path("w").asInt(); x++) {
        for (int y = 0; y < place.path("h").asInt(); y++) {
          List<Integer> cell = List.of(place.path("x").asInt() + x, place.path("y").asInt() + y);
          assertThat(cells.add(cell)).as(panel.path("title").asText()).isTrue();
        }
      }
      Set<String> references = new HashSet<>();
      for (JsonNode target : panel.path("targets")) {
        assertThat(references.add(target.path("refId").asText())).isTrue();
        assertThat(target.at("/datasource/uid").asText()).isEqualTo("${datasource}");
      }
    }
  }
}

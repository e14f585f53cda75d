package dev.valence.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.valence.model.TinyModel;
import dev.valence.stream.control.Assignment;
import dev.valence.stream.control.Candidate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real Prometheus scrapes a real processor as {@code ops/prometheus} tells it to, and answers
 * what the dashboard of {@code ops/grafana} asks. Skipped where Prometheus is not installed.
 */
@ExtendWith(TestBroker.Extension.class)
class PrometheusTest {

  private static final Path OPS = Path.of(System.getProperty("basedir", "."), "../../ops");
  private static final String SCRAPE = "1s";

  /** There is no yesterday here. */
  private static final String YESTERDAY = "offset 1d";

  private static final List<String> RECORDED =
      List.of(
          "valence:reviews:rate5m",
          "valence:lag_records:sum",
          "valence:dead_letters:rate5m",
          "valence:label_share:rate1h",
          "valence:unknown_word_ratio:rate1h");

  private static SentimentStream stream;
  private static PrometheusServer prometheus;

  @BeforeAll
  static void start(TestBroker broker, @TempDir Path models, @TempDir Path directory)
      throws Exception {
    Optional<Path> program = PrometheusServer.installed();
    assumeTrue(program.isPresent(), "skipped: no prometheus on the PATH. Install it to run this.");
    TinyModel.write(models.resolve("1"));
    TinyModel.write(models.resolve("2"), TinyModel.draft(2, 0), -1);
    ValenceConfig config =
        broker.config(
            "prometheus",
            models,
            Map.of("valence.input.format", "json", "valence.model.poll.ms", "200"));
    stream = TestBroker.start(config);
    broker.assign(config, new Assignment(1L, Candidate.shadow(2), List.of()));
    prometheus = PrometheusServer.start(program.get(), configuration(directory), directory);
    produceUntilPanelsHaveData(broker, config);
  }

  @AfterAll
  static void stop() {
    if (prometheus != null) {
      prometheus.close();
    }
    if (stream != null) {
      stream.close();
    }
  }

  @Test
  void theProcessorIsUp() throws Exception {
    assertThat(prometheus.targets())
        .singleElement()
        .satisfies(
            target -> {
              assertThat(target.path("lastError").asText()).isEmpty();
              assertThat(target.path("health").asText()).isEqualTo("up");
              assertThat(target.at("/labels/job").asText()).isEqualTo("valence");
            });
  }

  @Test
  void everyRuleIsEvaluatedAndNoAlertFires() throws Exception {
    JsonNode groups = prometheus.ruleGroups();

    assertThat(groups).hasSizeGreaterThan(3);
    for (JsonNode group : groups) {
      assertThat(group.path("rules"))
          .allSatisfy(
              rule -> {
                assertThat(rule.path("lastError").asText()).as(rule.toString()).isEmpty();
                assertThat(rule.path("health").asText()).as(rule.toString()).isEqualTo("ok");
                assertThat(rule.path("state").asText()).isNotEqualTo("firing");
              });
    }
    for (String series : RECORDED) {
      assertThat(hasData(prometheus.query(series))).as(series).isTrue();
    }
    assertThat(value(prometheus.query("valence:reviews:rate5m"))).isPositive();
    assertThat(prometheus.query("valence:label_share:rate1h")).hasSizeGreaterThan(1);
  }

  @Test
  void everyPanelOfTheDashboardHasAnAnswer() throws Exception {
    for (String query : queries()) {
      JsonNode answer = prometheus.query(query);
      assertThat(answer.isEmpty()).as(query).isEqualTo(query.contains(YESTERDAY));
      assertThat(answer)
          .allSatisfy(series -> assertThat(series.at("/value/1").asText()).isNotEqualTo("NaN"));
    }
    assertThat(texts(prometheus.labelValues("job", "valence_reviews_total")))
        .containsExactly("valence");
    String changes = dashboard().at("/annotations/list/0/expr").asText();
    assertThat(prometheus.query(resolved(changes))).isEmpty();
  }

  /** As in docker-compose.yml, but for the address and the haste. */
  private static Path configuration(Path directory) throws IOException {
    Path rules = OPS.resolve("prometheus/valence.rules.yml").toRealPath();
    Files.copy(rules, directory.resolve(rules.getFileName()));
    String as = Files.readString(OPS.resolve("prometheus/prometheus.yml"));
    String here = as.replace("15s", SCRAPE).replace("valence:8650", address());
    assertThat(here).contains(SCRAPE, address());
    return Files.writeString(directory.resolve("prometheus.yml"), here);
  }

  private static String address() {
    return "127.0.0.1:" + stream.httpAddress().getPort();
  }

  /** Reviews of all kinds flow until rates can be drawn, or patience ends. */
  private static void produceUntilPanelsHaveData(TestBroker broker, ValenceConfig config)
      throws Exception {
    List<String> due =
        Stream.concat(queries().stream(), RECORDED.stream())
            .filter(query -> !query.contains(YESTERDAY))
            .toList();
    long deadline = System.nanoTime() + TestBroker.PATIENCE.toNanos();
    boolean complete = false;
    while (!complete && System.nanoTime() < deadline) {
      broker.produce(
          List.of(
              review(config, "{\"text\": \"A great film, frobnicated.\"}"),
              review(config, "{\"text\": \"An awful kettle.\"}"),
              review(config, "{\"text\": 3}"),
              new ProducerRecord<>(config.reviewsTopic(), "gone".getBytes(UTF_8), null)));
      TimeUnit.MILLISECONDS.sleep(200);
      complete = true;
      for (String query : due) {
        complete = complete && hasData(prometheus.query(query));
      }
    }
  }

  private static ProducerRecord<byte[], byte[]> review(ValenceConfig config, String json) {
    return new ProducerRecord<>(config.reviewsTopic(), json.getBytes(UTF_8));
  }

  private static boolean hasData(JsonNode answer) {
    return !answer.isEmpty()
        && StreamSupport.stream(answer.spliterator(), false)
            .noneMatch(series -> series.at("/value/1").asText().equals("NaN"));
  }

  private static Set<String> queries() throws IOException {
    Set<String> queries = new LinkedHashSet<>();
    for (JsonNode panel : dashboard().path("panels")) {
      panel.path("targets").forEach(target -> queries.add(resolved(target.path("expr").asText())));
    }
    assertThat(queries).hasSizeGreaterThan(20);
    return queries;
  }

  /** With Grafana's variables as Grafana would set them. */
  private static String resolved(String expression) {
    String resolved = expression.replace("$job", "valence").replace("$__rate_interval", "1m");
    assertThat(resolved).doesNotContain("$");
    return resolved;
  }

  private static JsonNode dashboard() throws IOException {
    return new JsonMapper()
        .readTree(Files.readString(OPS.resolve("grafana/dashboards/valence.json")));
  }

  private static double value(JsonNode vector) {
    return Double.parseDouble(vector.at("/0/value/1").asText());
  }

  private static List<String> texts(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText).toList();
  }
}

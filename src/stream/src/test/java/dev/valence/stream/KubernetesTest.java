package dev.valence.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Job;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PersistentVolumeClaim;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscaler;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What {@code ops/kubernetes} holds is what Kubernetes knows, and fits together. */
class KubernetesTest {

  private static final Path OPS = Path.of(System.getProperty("basedir", "."), "../../ops");
  private static final String IMAGE_USER = "10001";

  /** Refuses fields that a kind does not have, and misses those that it must have. */
  @FunctionalInterface
  private interface Schema {
    void validate(JsonElement object) throws IOException;
  }

  private static final Map<String, Schema> SCHEMAS =
      Map.of(
          "v1 ConfigMap", V1ConfigMap::validateJsonElement,
          "v1 PersistentVolumeClaim", V1PersistentVolumeClaim::validateJsonElement,
          "v1 Service", V1Service::validateJsonElement,
          "apps/v1 Deployment", V1Deployment::validateJsonElement,
          "autoscaling/v2 HorizontalPodAutoscaler", V2HorizontalPodAutoscaler::validateJsonElement,
          "policy/v1 PodDisruptionBudget", V1PodDisruptionBudget::validateJsonElement,
          "networking.k8s.io/v1 NetworkPolicy", V1NetworkPolicy::validateJsonElement);

  private static final Map<String, JsonNode> OBJECTS = new TreeMap<>();

  @BeforeAll
  static void read() throws IOException {
    List<Path> files;
    try (Stream<Path> entries = Files.list(OPS.resolve("kubernetes"))) {
      files = entries.filter(file -> file.toString().endsWith(".yaml")).toList();
    }
    YAMLMapper yaml = new YAMLMapper();
    for (Path file : files) {
      for (JsonNode object :
          yaml.readerFor(JsonNode.class).<JsonNode>readValues(Files.readString(file)).readAll()) {
        String kind = object.path("apiVersion").asText() + " " + object.path("kind").asText();
        assertThat(OBJECTS.put(kind, object)).as("two of " + kind).isNull();
      }
    }
  }

  @Test
  void everyManifestIsOfAKindAndHasTheFieldsOfItsKind() throws IOException {
    assertThat(OBJECTS).containsOnlyKeys(SCHEMAS.keySet());
    for (String kind : OBJECTS.keySet()) {
      SCHEMAS.get(kind).validate(gson(OBJECTS.get(kind)));
    }
    assertThat(OBJECTS.values())
        .allSatisfy(
            object -> {
              assertThat(object.at("/metadata/name").asText()).startsWith("valence");
              assertThat(object.at("/metadata/labels/app.kubernetes.io~1name").asText())
                  .isEqualTo("valence");
            });
  }

  @Test
  void aMisspeltFieldWouldBeSeen() {
    JsonNode deployment = object("Deployment").deepCopy();
    ObjectNode container = (ObjectNode) deployment.at("/spec/template/spec/containers/0");
    container.set("readynessProbe", container.remove("readinessProbe"));

    assertThatThrownBy(() -> SCHEMAS.get("apps/v1 Deployment").validate(gson(deployment)))
        .hasMessageContaining("readynessProbe");
  }

  @Test
  void theConfigurationIsOneThatTheProcessorTakes() throws IOException {
    ValenceConfig config = config();
    JsonNode container = container();

    assertThat(config.httpPort()).isEqualTo(container.at("/ports/0/containerPort").asInt());
    assertThat(config.httpPort()).isEqualTo(object("Service").at("/spec/ports/0/port").asInt());
    assertThat(object("Service").at("/metadata/name").asText())
        .as("what the Prometheus Operator calls the job, which the alerts know it by")
        .isEqualTo("valence");
    assertThat(config.showsPage()).as("the page shows reviews to the whole cluster").isFalse();
    assertThat(mounts(container))
        .containsKey(config.modelRepository().toString())
        .containsKeys("/etc/valence", "/var/lib/valence/state", "/var/lib/valence/native", "/tmp");
    assertThat(texts(container.path("args")))
        .containsExactly("stream", "--config", "/etc/valence/valence.properties");
    assertThat(object("Deployment").at("/spec/template/spec/volumes/0/configMap/name"))
        .isEqualTo(object("ConfigMap").at("/metadata/name"));
    assertThat(
            object("Deployment")
                .at("/spec/template/spec/volumes/1/persistentVolumeClaim/claimName"))
        .isEqualTo(object("PersistentVolumeClaim").at("/metadata/name"));
  }

  @Test
  void morePodsThanThereIsWorkForAreNotAskedFor() throws IOException {
    ValenceConfig config = config();
    int pods = object("HorizontalPodAutoscaler").at("/spec/maxReplicas").asInt();

    assertThat(pods * config.kafka().threads())
        .isLessThanOrEqualTo(config.getInt(TopicKeys.TOPICS_PARTITIONS_CONFIG));
    assertThat(container().at("/resources/requests/cpu").asText())
        .isEqualTo(Integer.toString(config.kafka().threads()));
    assertThat(object("HorizontalPodAutoscaler").at("/spec/scaleTargetRef/name"))
        .isEqualTo(object("Deployment").at("/metadata/name"));
    assertThat(object("Deployment").at("/spec/replicas").isMissingNode())
        .as("applying it again would undo what the autoscaler did")
        .isTrue();
  }

  @Test
  void theAutoscalerAsksForWhatPrometheusKnows() throws IOException {
    String name =
        object("HorizontalPodAutoscaler").at("/spec/metrics/0/external/metric/name").asText();
    String file = Files.readString(OPS.resolve("kubernetes/autoscaler.yaml"));
    Matcher series = Pattern.compile("seriesQuery: (\\S+)").matcher(file);

    assertThat(series.find()).isTrue();
    assertThat(file).contains("name: {as: " + name + "}", "sum(" + series.group(1) + "{");
    assertThat(Files.readString(OPS.resolve("prometheus/valence.rules.yml")))
        .as("OperationsTest holds these names to what a processor shows")
        .contains(series.group(1));
  }

  @Test
  void theProbesAskWhatTheProcessorAnswers() {
    String port = container().at("/ports/0/name").asText();

    for (String probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
      assertThat(container().at("/" + probe + "/httpGet/port").asText()).isEqualTo(port);
      assertThat(container().at("/" + probe + "/httpGet/path").asText())
          .isEqualTo(probe.equals("livenessProbe") ? "/healthz" : "/readyz");
    }
    assertThat(object("Service").at("/spec/ports/0/targetPort").asText()).isEqualTo(port);
    assertThat(object("NetworkPolicy").at("/spec/ingress/0/ports/0/port").asText()).isEqualTo(port);
  }

  @Test
  void everyContainerIsLockedInAndOfTheImageThatIsBuilt() throws IOException {
    String dockerfile = Files.readString(OPS.resolve("docker/Dockerfile"));
    JsonNode pod = object("Deployment").at("/spec/template/spec");
    List<JsonNode> containers = new ArrayList<>();
    pod.path("containers").forEach(containers::add);
    pod.path("initContainers").forEach(containers::add);

    assertThat(dockerfile).contains("USER " + IMAGE_USER, "--uid " + IMAGE_USER);
    assertThat(pod.at("/securityContext/runAsUser").asText()).isEqualTo(IMAGE_USER);
    assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
    assertThat(pod.path("automountServiceAccountToken").asBoolean(true)).isFalse();
    assertThat(containers)
        .hasSize(2)
        .allSatisfy(
            container -> {
              JsonNode locks = container.path("securityContext");
              assertThat(locks.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
              assertThat(locks.path("readOnlyRootFilesystem").asBoolean()).isTrue();
              assertThat(texts(locks.at("/capabilities/drop"))).containsExactly("ALL");
              assertThat(container.at("/resources/limits/memory").asText()).isNotEmpty();
              assertThat(dockerfile).contains("-t " + container.path("image").asText() + " ");
            });
  }

  @Test
  void selectorsMeetThePods() {
    JsonNode labels = object("Deployment").at("/spec/template/metadata/labels");

    assertThat(object("Deployment").at("/spec/selector/matchLabels")).isEqualTo(labels);
    assertThat(object("Service").at("/spec/selector")).isEqualTo(labels);
    assertThat(object("NetworkPolicy").at("/spec/podSelector/matchLabels")).isEqualTo(labels);
    assertThat(object("PodDisruptionBudget").at("/spec/selector/matchLabels")).isEqualTo(labels);
  }

  @Test
  void theJobPublishesTheImagesModelIntoTheRepositoryOfThePods() throws IOException {
    JsonNode job =
        new YAMLMapper().readTree(Files.readString(OPS.resolve("kubernetes/publish.yaml.example")));
    JsonNode pod = job.at("/spec/template/spec");
    JsonNode publish = pod.at("/containers/0");
    JsonNode ofProcessors = object("Deployment").at("/spec/template/spec");
    String repository = config().modelRepository().toString();
    List<String> args = texts(publish.path("args"));
    Path bundled = OPS.resolve("../src/model/bundled/imdb");

    V1Job.validateJsonElement(gson(job));
    assertThat(args).hasSize(5).startsWith("model", "publish").endsWith("--repository", repository);
    assertThat(args.get(2)).startsWith("/opt/valence/models/imdb/");
    assertThat(bundled.resolve(Path.of(args.get(2)).getFileName())).isDirectory();
    assertThat(mounts(publish))
        .containsKeys(repository, "/var/lib/valence/native", "/tmp")
        .extractingByKey(repository)
        .satisfies(mount -> assertThat(mount.path("readOnly").asBoolean()).isFalse());
    assertThat(pod.at("/volumes/0/persistentVolumeClaim/claimName"))
        .isEqualTo(object("PersistentVolumeClaim").at("/metadata/name"));
    assertThat(pod.path("securityContext")).isEqualTo(ofProcessors.path("securityContext"));
    assertThat(pod.path("automountServiceAccountToken").asBoolean(true)).isFalse();
    assertThat(pod.path("nodeSelector")).isEqualTo(ofProcessors.path("nodeSelector"));
    assertThat(publish.path("securityContext")).isEqualTo(container().path("securityContext"));
    assertThat(publish.path("image")).isEqualTo(container().path("image"));
    assertThat(job.at("/spec/template/metadata/labels"))
        .as("no pod of the processors")
        .isNotEqualTo(object("Deployment").at("/spec/selector/matchLabels"));
  }

  private static ValenceConfig config() throws IOException {
    Properties file = new Properties();
    file.load(new StringReader(object("ConfigMap").at("/data/valence.properties").asText()));
    Map<String, String> keys = new HashMap<>();
    file.stringPropertyNames().forEach(key -> keys.put(key, file.getProperty(key)));
    return new ValenceConfig(keys);
  }

  private static JsonNode object(String kind) {
    return OBJECTS.entrySet().stream()
        .filter(entry -> entry.getKey().endsWith(" " + kind))
        .findFirst()
        .orElseThrow()
        .getValue();
  }

  private static JsonNode container() {
    return object("Deployment").at("/spec/template/spec/containers/0");
  }

  private static Map<String, JsonNode> mounts(JsonNode container) {
    Map<String, JsonNode> mounts = new HashMap<>();
    container
        .path("volumeMounts")
        .forEach(mount -> mounts.put(mount.path("mountPath").asText(), mount));
    return mounts;
  }

  private static List<String> texts(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText).toList();
  }

  private static JsonElement gson(JsonNode object) {
    return JsonParser.parseString(object.toString());
  }
}

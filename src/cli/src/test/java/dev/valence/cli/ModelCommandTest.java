package dev.valence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.valence.model.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelCommandTest {

  @TempDir Path temporary;

  private Path model;
  private Path repository;

  @BeforeEach
  void writeAModel() {
    model = temporary.resolve("exported");
    repository = temporary.resolve("repository");
    TinyModel.write(model);
  }

  @Test
  void publishesAndPrintsTheVersion() {
    Invocation first = publish();
    Invocation second = publish();

    assertThat(first.exitCode()).isZero();
    assertThat(first.outLines()).containsExactly("1");
    assertThat(second.outLines()).containsExactly("2");
    assertThat(second.errLines())
        .containsExactly("published " + model + " as " + repository.resolve("2"));
  }

  @Test
  void publishNeedsARepository() {
    assertThat(Invocation.of("", "model", "publish", model.toString()).exitCode()).isEqualTo(2);
  }

  @Test
  void publishSaysThatItCannotWrite() throws IOException {
    Files.writeString(repository, "in the way");

    Invocation run = publish();

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.errLines())
        .singleElement()
        .asString()
        .startsWith(
            "valence model publish: cannot publish " + model + " into " + repository + ": ");
  }

  @Test
  void publishSaysThatTheModelIsTooLarge() throws Exception {
    grow("assets/text-pipeline.json", 96 << 20);
    ProcessBuilder publish =
        new ChildJvm("-Xmx64m")
            .command("model", "publish", model.toString(), "--repository=" + repository);

    try (CommandProcess run = CommandProcess.start(temporary, publish)) {
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.err().lines())
          .singleElement()
          .asString()
          .startsWith(
              "valence model publish: "
                  + model
                  + " does not fit into the memory of this process: ");
    }
    assertThat(repository).doesNotExist();
  }

  @Test
  void listsVersionsTheLatestLast() {
    publish();
    publish();

    Invocation run = Invocation.of("", "model", "list", "--repository", repository.toString());

    assertThat(run.exitCode()).isZero();
    assertThat(run.outLines())
        .containsExactly(
            "VERSION   NAME              CREATED               METRICS",
            "1         tiny              2026-01-01T00:00:00Z  validation_accuracy=0.5000",
            "2         tiny              2026-01-01T00:00:00Z  validation_accuracy=0.5000");
  }

  @Test
  void listNamesTheVersionItCannotRead() throws IOException {
    publish();
    Files.createDirectories(repository.resolve("2"));
    Files.writeString(repository.resolve("2/manifest.json"), "{");

    Invocation run = Invocation.of("", "model", "list", "--repository", repository.toString());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.outLines()).hasSize(2);
    assertThat(run.errLines())
        .singleElement()
        .asString()
        .startsWith("valence model list: " + repository.resolve("2/manifest.json"));
  }

  @Test
  void listSaysThatThereIsNoRepository() {
    Invocation run = Invocation.of("", "model", "list", "--repository", repository.toString());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.errLines())
        .containsExactly(
            "valence model list: there is no model repository "
                + repository
                + ". Name a directory of versions.");
  }

  @Test
  void inspectPrintsTheManifest() throws IOException {
    Invocation run = Invocation.of("", "model", "inspect", model.toString());

    assertThat(run.exitCode()).isZero();
    JsonNode manifest = new ObjectMapper().readTree(run.out());
    assertThat(manifest.path("modelName").asText()).isEqualTo("tiny");
    assertThat(manifest.path("files").path("saved_model.pb").path("size").asLong())
        .isEqualTo(Files.size(model.resolve("saved_model.pb")));
  }

  @Test
  void verifySaysThatAModelCanServe() {
    publish();

    assertThat(Invocation.of("", "model", "verify", model.toString()).outLines())
        .containsExactly(model + " can serve: tiny version 1");
    assertThat(Invocation.of("", "model", "verify", repository.toString()).outLines())
        .containsExactly(repository.resolve("1") + " can serve: tiny version 1");
  }

  @Test
  void verifiesTheModelInWhoseDirectoryItRuns() throws Exception {
    ProcessBuilder verify = new ChildJvm("-Xmx256m").command("model", "verify", ".");

    try (CommandProcess run = CommandProcess.start(temporary, verify.directory(model.toFile()))) {
      assertThat(run.exitCode()).as(run.err()).isZero();
    }
  }

  @Test
  void verifyFailsOnADamagedModel() throws IOException {
    Files.writeString(model.resolve("assets/vocabulary.txt"), "<unk>");

    Invocation run = Invocation.of("", "model", "verify", model.toString());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.errLines())
        .singleElement()
        .asString()
        .startsWith(
            "valence model verify: " + model.resolve("assets/vocabulary.txt") + " has 5 bytes");
  }

  /** Makes one of the model's files that long, and has the manifest agree. */
  private void grow(String name, int size) throws Exception {
    byte[] content = Arrays.copyOf(Files.readAllBytes(model.resolve(name)), size);
    Files.write(model.resolve(name), content);
    String sha256 = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    Path file = model.resolve("manifest.json");
    ObjectMapper json = new ObjectMapper();
    JsonNode manifest = json.readTree(file.toFile());
    ((ObjectNode) manifest.path("files").path(name)).put("size", size).put("sha256", sha256);
    json.writeValue(file.toFile(), manifest);
  }

  private Invocation publish() {
    return Invocation.of(
        "", "model", "publish", model.toString(), "--repository", repository.toString());
  }
}

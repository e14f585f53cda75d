package dev.valence.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.valence.model.TinyModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScoreCommandTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path temporary;

  private static String model;

  @BeforeAll
  static void writeAModel() {
    Path directory = temporary.resolve("4");
    TinyModel.write(directory, TinyModel.draft(4, 0.6));
    model = directory.toString();
  }

  @Test
  void writesOneScoreAReview() throws IOException {
    Invocation run =
        Invocation.of("{\"id\": \"x\", \"text\": \"awful zebra\"}\n", "score", "--model", model);

    assertThat(run.exitCode()).isZero();
    JsonNode score = JSON.readTree(run.out());
    assertThat(score.fieldNames())
        .toIterable()
        .containsExactly("id", "label", "probabilities", "tokens", "unknownTokens", "modelVersion");
    assertThat(score.path("id").asText()).isEqualTo("x");
    assertThat(score.path("label").asText()).isEqualTo("negative");
    assertThat(score.path("probabilities").path("negative").asDouble())
        .isCloseTo(0.924, within(1e-3));
    assertThat(score.path("probabilities").path("positive").asDouble())
        .isCloseTo(0.076, within(1e-3));
    assertThat(score.path("tokens").asInt()).isEqualTo(2);
    assertThat(score.path("unknownTokens").asInt()).isEqualTo(1);
    assertThat(score.path("modelVersion").asLong()).isEqualTo(4);
  }

  @Test
  void keepsTheOrderOfManyBlocks() throws IOException {
    StringBuilder in = new StringBuilder();
    for (int id = 0; id < 7000; id++) {
      String text = (id % 2 == 0 ? "great" : "awful") + " film".repeat(id % 37 == 0 ? 100 : 0);
      in.append("{\"id\": ").append(id).append(", \"text\": \"").append(text).append("\"}\n");
    }

    Invocation run = Invocation.of(in.toString(), "score", "--model", model, "--threads", "3");

    assertThat(run.outLines()).hasSize(7000);
    for (int id = 0; id < 7000; id++) {
      JsonNode score = JSON.readTree(run.outLines().get(id));
      assertThat(score.path("id").asInt()).isEqualTo(id);
      String expected = id % 37 == 0 ? "uncertain" : id % 2 == 0 ? "positive" : "negative";
      assertThat(score.path("label").asText()).isEqualTo(expected);
    }
    assertThat(run.err()).contains("model tiny version 4, 3 threads").contains("7000 reviews in ");
  }

  @Test
  void callsAnEmptyReviewUncertain() {
    Invocation run = Invocation.of("{\"id\": 1, \"text\": \" \"}\n", "score", "--model", model);

    assertThat(run.out())
        .isEqualTo(
            "{\"id\":1,\"label\":\"uncertain\",\"probabilities\":{\"negative\":0.5,\"positive\":0.5},"
                + "\"tokens\":0,\"unknownTokens\":0,\"modelVersion\":4}\n");
  }

  @Test
  void scoresNothingForNothing() {
    Invocation run = Invocation.of("", "score", "--model", model);

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).isEmpty();
  }

  @Test
  void scoresWhatComesBeforeABadLineAndNamesIt() {
    StringBuilder in = new StringBuilder();
    for (int id = 1; id <= 1200; id++) {
      in.append("{\"id\": ").append(id).append(", \"text\": \"good\"}\n");
    }

    Invocation run = Invocation.of(in + "{\"id\": 1201}\n", "score", "--model", model);

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.outLines()).hasSize(1200);
    assertThat(run.errLines())
        .last()
        .asString()
        .startsWith("valence score: line 1201 of standard input has no text that is a string. ");
  }

  @Test
  void takesTheLatestVersionOfARepository() throws IOException {
    Path repository = Files.createDirectories(temporary.resolve("repository"));
    TinyModel.write(repository.resolve("9"), TinyModel.draft(9, 0));
    TinyModel.write(repository.resolve("10"), TinyModel.draft(10, 0));

    Invocation run =
        Invocation.of(
            "{\"id\": 1, \"text\": \"good\"}\n", "score", "--model", repository.toString());

    assertThat(run.out()).contains("\"modelVersion\":10}");
  }

  @Test
  void saysThatThereIsNoModel() {
    Path absent = temporary.resolve("absent");

    Invocation run = Invocation.of("", "score", "--model", absent.toString());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.errLines())
        .containsExactly(
            "valence score: There is no model directory "
                + absent
                + ". Name a directory that holds a manifest.json.");
  }

  @Test
  void saysThatItCannotWrite() {
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int character) throws IOException {
            throw new IOException("No space left on device");
          }
        };

    Invocation run =
        Invocation.of(
            new ByteArrayInputStream("{\"id\": 1, \"text\": \"good\"}\n".getBytes(UTF_8)),
            full,
            "score",
            "--model",
            model);

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.errLines())
        .last()
        .isEqualTo("valence score: cannot write to standard output: No space left on device");
  }

  @Test
  void refusesZeroThreads() {
    Invocation run = Invocation.of("", "score", "--model", model, "--threads", "0");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("Invalid value for option '--threads': 0 is not from 1 to 1024");
  }
}

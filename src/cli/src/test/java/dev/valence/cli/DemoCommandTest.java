package dev.valence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valence.model.ModelRepository;
import dev.valence.model.TinyModel;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoCommandTest {

  @TempDir Path directory;

  @Test
  void scoresAsManyReviewsAsAskedFor() {
    TinyModel.write(directory.resolve("tiny"));
    Path models = directory.resolve("models");
    new ModelRepository(models).publish(directory.resolve("tiny"));

    Invocation demo =
        Invocation.of("", "demo", "--records", "40", "--model-repository", models.toString());

    assertThat(demo.exitCode()).as(demo.err()).isZero();
    assertThat(demo.outLines()).hasSize(41);
    assertThat(demo.outLines().get(0)).startsWith("SUBJECT ");
    assertThat(demo.outLines())
        .anySatisfy(line -> assertThat(line).startsWith("restaurant  negative"))
        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    assertThat(demo.err()).contains("40 reviews scored");
  }
}

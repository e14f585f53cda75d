package dev.valence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valence.model.ModelRepository;
import dev.valence.model.TinyModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoCommandTest {

  @TempDir Path directory;

  private String models;

  @BeforeEach
  void publishAModel() {
    TinyModel.write(directory.resolve("tiny"));
    Path repository = directory.resolve("models");
    new ModelRepository(repository).publish(directory.resolve("tiny"));
    models = repository.toString();
  }

  @Test
  void scoresAsManyReviewsAsAskedFor() {
    Invocation demo = Invocation.of("", "demo", "--records", "40", "--model-repository", models);

    assertThat(demo.exitCode()).as(demo.err()).isZero();
    assertThat(demo.outLines()).hasSize(41);
    assertThat(demo.outLines().get(0)).startsWith("SUBJECT ");
    assertThat(demo.outLines())
        .anyMatch(line -> line.startsWith("restaurant  negative"))
        .anyMatch(line -> line.startsWith("kettle      positive"))
        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    assertThat(demo.err()).contains("40 reviews scored in ");
  }

  @Test
  void runsUntilItIsTerminated() throws Exception {
    try (CommandProcess demo = startDemo()) {
      List<ProcessHandle> broker = demo.process().descendants().toList();
      assertThat(broker).hasSize(1);

      demo.terminate();

      assertThat(demo.exitCode()).isEqualTo(143);
      assertThat(broker.get(0).isAlive()).isFalse();
      assertThat(demo.err()).contains("reviews scored in ").doesNotContain("\tat ");
    }
  }

  @Test
  void stopsBeforeItsBrokerWhenBothAreTerminated() throws Exception {
    try (CommandProcess demo = startDemo()) {
      List<ProcessHandle> broker = demo.process().descendants().toList();
      assertThat(broker).hasSize(1);

      broker.get(0).destroy();
      demo.terminate();

      assertThat(demo.exitCode()).isEqualTo(143);
      assertThat(broker.get(0).isAlive()).isFalse();
      assertThat(demo.err()).contains("reviews scored in ").doesNotContain(" WARN ");
    }
  }

  @Test
  void takesItsBrokerAlongWhenItIsKilled() throws Exception {
    try (CommandProcess demo = startDemo()) {
      List<ProcessHandle> broker = demo.process().descendants().toList();
      assertThat(broker).hasSize(1);

      demo.kill();

      assertThat(broker.get(0).onExit().get(2, TimeUnit.MINUTES).isAlive()).isFalse();
    }
  }

  @Test
  void saysThatThereIsNoModel() throws Exception {
    Path empty = Files.createDirectory(directory.resolve("empty"));

    Invocation demo = Invocation.of("", "demo", "--model-repository", empty.toString());

    assertThat(demo.exitCode()).isEqualTo(1);
    assertThat(demo.errLines()).last().asString().startsWith("valence demo: no model in " + empty);
  }

  @Test
  void refusesWrongUsage() {
    assertThat(Invocation.of("", "demo", "--records", "0").exitCode()).isEqualTo(2);
    assertThat(Invocation.of("", "demo", "--records", "many").exitCode()).isEqualTo(2);
  }

  private CommandProcess startDemo() throws Exception {
    CommandProcess demo = CommandProcess.start(directory, "demo", "--model-repository", models);
    demo.awaitOut("SUBJECT ");
    demo.awaitOut("film ");
    return demo;
  }
}

package dev.valence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.valence.model.ModelRepository;
import dev.valence.model.TinyModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Produce, consume, correct, retrain, swap: a running processor learns from its mistakes. */
@ExtendWith(SharedBroker.class)
class ClosedLoopTest {
  private static final Path TEACHERS =
      Path.of(System.getProperty("basedir", "."), "../../training/examples/teachers.csv");
  private static final int REVIEWS = 48;

  @TempDir Path directory;

  @Test
  void scoresWithWhatItLearnedFromCorrections(Brokers brokers) throws Exception {
    String address = brokers.address();
    Path models = directory.resolve("models");
    TinyModel.write(directory.resolve("tiny"));
    new ModelRepository(models).publish(directory.resolve("tiny"));
    Topic reviews = Topic.create(brokers, "loop-reviews", 2);
    Topic sentiments = Topic.create(brokers, "loop-sentiments", 2);
    Topic labels = Topic.create(brokers, "loop-labels", 1);
    try (CommandProcess stream =
        CommandProcess.start(
            directory,
            "stream",
            "--set=kafka.bootstrap.servers=" + address,
            "--set=kafka.application.id=" + reviews.name(),
            "--set=kafka.state.dir=" + directory.resolve("state"),
            "--set=valence.topic.reviews=" + reviews.name(),
            "--set=valence.topic.sentiments=" + sentiments.name(),
            "--set=valence.topic.dead.letters=" + reviews.name() + "-dead",
            "--set=valence.topic.control=",
            "--set=valence.model.poll.ms=200",
            "--set=valence.model.repository=" + models,
            "--set=valence.http.port=0")) {
      stream.awaitErr("with model tiny version 1;");
      String produce =
          "produce --bootstrap-server %s --topic %s --subject-column teacher " + TEACHERS;
      succeed(produce, address, reviews.name());
      assertThat(tail(brokers, sentiments, REVIEWS))
          .allSatisfy(score -> assertThat(score.path("modelVersion").asInt()).isEqualTo(1))
          .noneSatisfy(score -> assertThat(score.path("label").asText()).isEqualTo("mixed"));

      succeed("correct --bootstrap-server %s --topic %s " + TEACHERS, address, labels.name());
      Path run = directory.resolve("corrected");
      succeed(
          "train classifier --from-topics --bootstrap-server %s --reviews-topic %s --labels-topic"
              + " %s --from-nothing --preset small --towers 1 --validation 0.3 --set frozen=0 --set"
              + " cycle_len=1 --set em_sz=8 --set nh=8 --set nl=1 --set min_freq=1 --out %s",
          address, reviews.name(), labels.name(), run);
      Path model = directory.resolve("corrected-model");
      succeed("train export --classifier %s --out %s --name teachers", run, model);
      Invocation measured =
          succeed(
              "train evaluate --model %s --from-topics --bootstrap-server %s --reviews-topic %s"
                  + " --labels-topic %s --validation 0.3 --held-out --json",
              model, address, reviews.name(), labels.name());
      assertThat(new ObjectMapper().readTree(measured.out()).path("reviews").asInt())
          .isBetween(5, 30);
      assertThat(succeed("model publish %s --repository %s", model, models).outLines())
          .containsExactly("2");

      // New reviews until one is scored by the new version: the swap comes by itself.
      int scored = REVIEWS;
      List<JsonNode> scores;
      do {
        succeed(produce, address, reviews.name());
        scored += REVIEWS;
        scores = tail(brokers, sentiments, scored);
        assertThat(scored).as("scores before the swap: %s", stream.err()).isLessThan(50 * REVIEWS);
      } while (scores.get(scored - 1).path("modelVersion").asInt() == 1);
      assertThat(scores.get(scored - 1).path("modelName").asText()).isEqualTo("teachers");
      assertThat(scores.get(scored - 1).path("probabilities").fieldNames())
          .toIterable()
          .containsExactlyInAnyOrder("mixed", "negative", "positive");
    }
  }

  private static List<JsonNode> tail(Brokers brokers, Topic sentiments, int count)
      throws Exception {
    Invocation tail =
        succeed(
            "tail --bootstrap-server %s --topic %s --from-beginning --max %s --output json",
            brokers.address(), sentiments.name(), count);
    ObjectMapper json = new ObjectMapper();
    List<JsonNode> scores = new ArrayList<>();
    for (String line : tail.outLines()) {
      scores.add(json.readTree(line));
    }
    assertThat(scores).hasSize(count);
    return scores;
  }

  private static Invocation succeed(String command, Object... values) {
    Invocation run = Invocation.of("", command.formatted(values).split(" "));
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run;
  }
}

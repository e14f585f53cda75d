package dev.valence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valence.model.BatchPlanner;
import dev.valence.model.ReviewScorer;
import dev.valence.model.Score;
import dev.valence.model.SentimentModel;
import dev.valence.model.TinyModel;
import dev.valence.schema.Review;
import dev.valence.schema.ReviewSentiment;
import dev.valence.stream.format.SentimentReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The promises about every review, held against faults of all kinds that befall several processors
 * and a Kafka of three nodes, each a process of its own. The short form runs with the other tests;
 * the profile {@code faults} runs the long one and leaves its table in {@code target/faults.md}.
 */
class FaultTest {
  private static final int KILLS = Integer.getInteger("faults.kills", 1);
  private static final long SEED = Long.getLong("faults.seed", 20_261_123);
  private static final int LONG = 10;
  private static final Path TABLE = Path.of("target", "faults.md");
  private static final float TOLERANCE = 1e-5f;

  @TempDir Path directory;

  private final SentimentReader reader = new SentimentReader();
  private final Map<Long, SentimentModel> versions = new HashMap<>();
  private Path models;

  /** The second version turns every judgement of the first around. */
  @BeforeEach
  void writeModels() {
    models = directory.resolve("models");
    TinyModel.write(models.resolve("1"));
    TinyModel.write(models.resolve("2"), TinyModel.draft(2, 0), -1);
    for (long version = 1; version <= 2; version++) {
      versions.put(version, SentimentModel.load(models.resolve(Long.toString(version))));
    }
  }

  @AfterEach
  void closeModels() {
    versions.values().forEach(SentimentModel::close);
  }

  @Test
  @Timeout(value = 90, unit = TimeUnit.MINUTES)
  void keepsItsPromisesWhateverFails() throws Exception {
    List<FaultTable.Run> runs = new ArrayList<>();
    try (Cluster cluster = Cluster.start(directory)) {
      runs.add(suffer(cluster, "exactly_once_v2", KILLS));
      Files.writeString(TABLE, FaultTable.markdown(runs));
      if (KILLS >= LONG) {
        runs.add(suffer(cluster, "at_least_once", KILLS / 3));
        Files.writeString(TABLE, FaultTable.markdown(runs));
      }
    }

    String table = FaultTable.markdown(runs);
    System.out.println(table);
    for (FaultTable.Run run : runs) {
      boolean exactlyOnce = run.guarantee().equals("exactly_once_v2");
      Delivery delivery = run.delivery();
      assertThat(delivery)
          .as(table)
          .isEqualTo(
              new Delivery(
                  delivery.reviews(),
                  exactlyOnce ? delivery.reviews() : delivery.scores(),
                  0,
                  exactlyOnce ? 0 : delivery.repeated(),
                  0,
                  0));
      assertThat(delivery.reviews()).isPositive();
      assertThat(run.deadLetters()).as(table).isZero();
      assertThat(run.ended()).as("processors that ended by themselves").isZero();
    }
  }

  private FaultTable.Run suffer(Cluster cluster, String guarantee, int kills) throws Exception {
    Random random = new Random(SEED);
    try (FaultRun run = new FaultRun(cluster, directory, models, guarantee, random)) {
      return run.suffer(FaultPlan.of(kills, random), this::isRight);
    }
  }

  private boolean isRight(ConsumerRecord<String, byte[]> message) throws Exception {
    ReviewSentiment sentiment = reader.read(message.value());
    Review review = ReviewFeed.review(Integer.parseInt(message.key().substring(1)));
    SentimentModel model = versions.get(sentiment.getModelVersion());
    Score score =
        new ReviewScorer(model, new BatchPlanner())
            .score(List.of(model.textPipeline().encode(review.getText())))
            .get(0);
    return sentiment.getReviewId().equals(message.key())
        && sentiment.getLabel().equals(score.label())
        && sentiment.getTokens() == score.tokens()
        && Math.abs(sentiment.getProbabilities().get("positive") - score.probabilities()[1])
            < TOLERANCE;
  }
}

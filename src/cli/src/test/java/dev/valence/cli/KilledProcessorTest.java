package dev.valence.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.valence.model.BatchPlanner;
import dev.valence.model.ModelRepository;
import dev.valence.model.ReviewScorer;
import dev.valence.model.Score;
import dev.valence.model.SentimentModel;
import dev.valence.model.TinyModel;
import dev.valence.schema.Review;
import dev.valence.schema.ReviewSentiment;
import dev.valence.stream.format.ReviewFormat;
import dev.valence.stream.format.SentimentReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The promise of exactly once, held against {@code kill -9}: a processor in a JVM of its own, on a
 * real broker, is killed again and again while scores are written that no transaction has committed
 * yet.
 */
@ExtendWith(SharedBroker.class)
class KilledProcessorTest {
  private static final int PARTITIONS = 4;
  private static final int REVIEWS = 3_000;
  private static final int KILLS = 4;
  private static final int AHEAD = 300;
  private static final String[] WORDS = {
    "good", "great", "bad", "awful", "the", "film", "kettle", "and", "but", "unheard-of", "."
  };

  private final Random random = new Random(20261123);
  private final List<Review> reviews =
      IntStream.range(0, REVIEWS).mapToObj(number -> review("r" + number)).toList();

  @TempDir Path directory;

  private Path models;
  private Topic in;
  private Topic out;

  @Test
  @Timeout(value = 8, unit = TimeUnit.MINUTES)
  void losesNothingAndRepeatsNothing(Brokers brokers) throws Exception {
    models = directory.resolve("models");
    TinyModel.write(directory.resolve("tiny"));
    new ModelRepository(models).publish(directory.resolve("tiny"));
    in = Topic.create(brokers, "killed-reviews", PARTITIONS);
    out = Topic.create(brokers, "killed-sentiments", PARTITIONS);

    killAgainAndAgain(brokers);

    Map<Integer, List<ConsumerRecord<String, byte[]>>> sent = in.byPartition(true);
    Map<Integer, List<ConsumerRecord<String, byte[]>>> scored = out.byPartition(true);
    assertThat(count(sent)).isEqualTo(REVIEWS);
    assertThat(count(scored)).isEqualTo(REVIEWS);
    assertThat(keys(scored)).isEqualTo(keys(sent));
    assertThat(count(out.byPartition(false)))
        .as("scores that a kill left uncommitted")
        .isGreaterThan(REVIEWS);
    assertScoredAsWithoutKafka(scored);
  }

  private void killAgainAndAgain(Brokers brokers) throws Exception {
    CommandProcess processor = startProcessor(brokers);
    try (ReviewPublisher publisher =
            new ReviewPublisher(brokers, in.name(), ReviewFormat.named(ReviewFormat.AVRO));
        SentimentTail tail = SentimentTail.open(brokers, out.name(), true);
        Admin admin = Admin.create(Map.of("bootstrap.servers", brokers.address()))) {
      int sent = 0;
      int committed = 0;
      int kills = 0;
      while (committed < REVIEWS) {
        assertThat(processor.process().isAlive()).as(processor.err()).isTrue();
        while (sent < REVIEWS && sent < committed + AHEAD) {
          publisher.send(reviews.get(sent++));
        }
        committed += tail.poll().count();
        boolean isDue = kills < KILLS && committed >= (kills + 0.5) * REVIEWS / (KILLS + 1);
        if (isDue && hasUncommitted(admin)) {
          // More arrives at the very moment, so that some is read, some buffered, some written.
          for (int more = 0; more < AHEAD && sent < REVIEWS; more++) {
            publisher.send(reviews.get(sent++));
          }
          processor.kill();
          kills++;
          processor = startProcessor(brokers);
        }
      }
      assertThat(kills).isEqualTo(KILLS);
    } finally {
      processor.close();
    }
  }

  private CommandProcess startProcessor(Brokers brokers) throws IOException {
    return CommandProcess.start(
        directory,
        "stream",
        "--set=kafka.bootstrap.servers=" + brokers.address(),
        "--set=kafka.application.id=" + in.name(),
        "--set=kafka.state.dir=" + directory.resolve("state"),
        "--set=kafka.num.stream.threads=2",
        "--set=kafka.consumer.group.instance.id=one",
        "--set=kafka.consumer.session.timeout.ms=6000",
        "--set=kafka.producer.transaction.timeout.ms=5000",
        "--set=kafka.commit.interval.ms=500",
        "--set=valence.batch.max.reviews=32",
        "--set=valence.topic.reviews=" + in.name(),
        "--set=valence.topic.sentiments=" + out.name(),
        "--set=valence.topic.dead.letters=" + in.name() + "-dead",
        "--set=valence.model.repository=" + models,
        "--set=valence.http.port=0");
  }

  /** Whether scores lie on the topic that a read_committed reader does not see yet. */
  private boolean hasUncommitted(Admin admin) throws Exception {
    Map<TopicPartition, OffsetSpec> latest =
        IntStream.range(0, PARTITIONS)
            .boxed()
            .collect(
                Collectors.toMap(
                    number -> new TopicPartition(out.name(), number),
                    number -> OffsetSpec.latest()));
    long stable = 0;
    long written = 0;
    for (var offset : admin.listOffsets(latest, committedOnly(true)).all().get().values()) {
      stable += offset.offset();
    }
    for (var offset : admin.listOffsets(latest, committedOnly(false)).all().get().values()) {
      written += offset.offset();
    }
    return written > stable;
  }

  private static ListOffsetsOptions committedOnly(boolean committedOnly) {
    return new ListOffsetsOptions(
        committedOnly ? IsolationLevel.READ_COMMITTED : IsolationLevel.READ_UNCOMMITTED);
  }

  private void assertScoredAsWithoutKafka(Map<Integer, List<ConsumerRecord<String, byte[]>>> scored)
      throws Exception {
    Map<String, Score> expected = new HashMap<>();
    try (SentimentModel model = SentimentModel.load(models.resolve("1"))) {
      List<Score> scores =
          new ReviewScorer(model, new BatchPlanner(16_384, 64))
              .score(
                  reviews.stream()
                      .map(review -> model.textPipeline().encode(review.getText()))
                      .toList());
      for (int index = 0; index < REVIEWS; index++) {
        expected.put(reviews.get(index).getId(), scores.get(index));
      }
    }
    SentimentReader reader = new SentimentReader();
    for (List<ConsumerRecord<String, byte[]>> partition : scored.values()) {
      for (ConsumerRecord<String, byte[]> message : partition) {
        ReviewSentiment sentiment = reader.read(message.value());
        Score score = expected.get(message.key());
        assertThat(sentiment.getReviewId()).isEqualTo(message.key());
        assertThat(sentiment.getLabel()).isEqualTo(score.label());
        assertThat(sentiment.getTokens()).isEqualTo(score.tokens());
        assertThat(sentiment.getProbabilities().get("positive"))
            .isCloseTo(score.probabilities()[1], within(1e-5f));
      }
    }
  }

  private static Map<Integer, List<String>> keys(
      Map<Integer, List<ConsumerRecord<String, byte[]>>> partitions) {
    return partitions.entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                entry -> entry.getValue().stream().map(ConsumerRecord::key).toList()));
  }

  private static int count(Map<Integer, List<ConsumerRecord<String, byte[]>>> partitions) {
    return partitions.values().stream().mapToInt(List::size).sum();
  }

  private Review review(String id) {
    String text =
        random
            .ints(random.nextInt(40), 0, WORDS.length)
            .mapToObj(word -> WORDS[word])
            .collect(Collectors.joining(" "));
    return Review.newBuilder().setId(id).setText(text).build();
  }
}

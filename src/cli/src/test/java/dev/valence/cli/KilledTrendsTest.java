package dev.valence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valence.model.ModelRepository;
import dev.valence.model.TinyModel;
import dev.valence.schema.Review;
import dev.valence.schema.ReviewSentiment;
import dev.valence.schema.SentimentTrend;
import dev.valence.stream.format.RecordFormat;
import dev.valence.stream.format.ReviewFormat;
import dev.valence.stream.format.SentimentReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is counted by subject is what was scored, also when a processor is killed while counting.
 */
@ExtendWith(SharedBroker.class)
class KilledTrendsTest {
  private static final int PARTITIONS = 4;
  private static final int REVIEWS = 2_000;
  private static final int KILLS = 2;
  private static final int AHEAD = 400;
  private static final List<String> SUBJECTS = List.of("kettle", "film", "teacher");

  @TempDir Path directory;

  private Topic in;
  private Topic out;
  private Topic trends;

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void countsNothingTwiceAndForgetsNothing(Brokers brokers) throws Exception {
    TinyModel.write(directory.resolve("tiny"));
    new ModelRepository(directory.resolve("models")).publish(directory.resolve("tiny"));
    in = Topic.create(brokers, "trends-reviews", PARTITIONS);
    out = Topic.create(brokers, "trends-sentiments", PARTITIONS);
    trends = Topic.create(brokers, "trends", PARTITIONS);

    killAgainAndAgain(brokers);

    Map<String, Map<String, Long>> scored = new TreeMap<>();
    for (ConsumerRecord<String, byte[]> score : out.records()) {
      ReviewSentiment sentiment = new SentimentReader().read(score.value());
      scored
          .computeIfAbsent(subject(sentiment.getReviewId()), none -> new TreeMap<>())
          .merge(sentiment.getLabel(), 1L, Long::sum);
    }
    Map<String, Map<String, Long>> counted = new TreeMap<>();
    for (SentimentTrend trend : latest().values()) {
      Map<String, Long> labels =
          counted.computeIfAbsent(trend.getSubject(), none -> new TreeMap<>());
      trend.getLabels().forEach((label, count) -> labels.merge(label, count, Long::sum));
    }
    assertThat(out.records()).hasSize(REVIEWS);
    assertThat(counted).hasSize(SUBJECTS.size()).isEqualTo(scored);
  }

  private void killAgainAndAgain(Brokers brokers) throws Exception {
    CommandProcess processor = startProcessor(brokers);
    try (ReviewPublisher publisher =
            new ReviewPublisher(brokers, in.name(), ReviewFormat.named(ReviewFormat.AVRO));
        SentimentTail tail = SentimentTail.open(brokers, trends.name(), true)) {
      int sent = 0;
      int kills = 0;
      long counted = 0;
      Map<String, SentimentTrend> seen = new HashMap<>();
      while (counted < REVIEWS) {
        assertThat(processor.process().isAlive()).as(processor.err()).isTrue();
        while (sent < REVIEWS && sent < counted + AHEAD) {
          publisher.send(review(sent++));
        }
        for (ConsumerRecord<byte[], byte[]> trend : tail.poll()) {
          seen.put(new String(trend.key()), read(trend.value()));
        }
        counted = seen.values().stream().mapToLong(SentimentTrend::getReviews).sum();
        if (kills < KILLS && counted >= (kills + 0.5) * REVIEWS / (KILLS + 1)) {
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
        "--set=kafka.commit.interval.ms=300",
        "--set=valence.topic.reviews=" + in.name(),
        "--set=valence.topic.sentiments=" + out.name(),
        "--set=valence.topic.trends=" + trends.name(),
        "--set=valence.topic.dead.letters=" + in.name() + "-dead",
        "--set=valence.trends.enabled=true",
        "--set=valence.trends.window.ms=5000",
        "--set=valence.model.repository=" + directory.resolve("models"),
        "--set=valence.http.port=0");
  }

  private Map<String, SentimentTrend> latest() throws Exception {
    Map<String, SentimentTrend> latest = new TreeMap<>();
    for (List<ConsumerRecord<String, byte[]>> partition : trends.byPartition(true).values()) {
      for (ConsumerRecord<String, byte[]> trend : partition) {
        latest.put(trend.key(), read(trend.value()));
      }
    }
    return latest;
  }

  private static SentimentTrend read(byte[] value) throws Exception {
    return RecordFormat.trends(RecordFormat.AVRO, Optional.empty(), "").read(value);
  }

  private static Review review(int number) {
    String id = Integer.toString(number);
    return Review.newBuilder()
        .setId(id)
        .setText(number % 3 == 0 ? "Awful!" : number % 5 == 0 ? "" : "A great one.")
        .setSubject(subject(id))
        .build();
  }

  private static String subject(String id) {
    return SUBJECTS.get(Integer.parseInt(id) % SUBJECTS.size());
  }
}

package dev.valence.stream;

import dev.valence.model.Score;
import dev.valence.schema.Review;
import dev.valence.schema.ReviewSentiment;
import dev.valence.stream.BatchScorer.Encoded;
import dev.valence.stream.BatchScorer.Scored;
import dev.valence.stream.DeadLetter.Reason;
import dev.valence.stream.MicroBatch.Waiting;
import dev.valence.stream.format.ReviewFormat;
import dev.valence.stream.format.SchemaRegistryUnavailableException;
import dev.valence.stream.format.SentimentFormat;
import dev.valence.stream.format.UnreadableRecordException;
import dev.valence.stream.trend.TrendScores;
import dev.valence.text.EncodedReview;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * Reads reviews of one task, collects them into micro-batches, scores them, and answers in the
 * order of arrival. The batch is emptied when it is full, when its oldest record has waited long
 * enough, and before every commit.
 *
 * <p>After a failure nothing is forwarded any more and every call throws: whoever swallows the
 * exception, Kafka's handlers included, cannot get the lost batch committed. Kafka Streams may
 * revive the task, which initialises the processor anew.
 */
final class ScoringProcessor implements Processor<byte[], byte[], byte[], Outgoing> {

  /** About what a record costs beside its bytes. */
  private static final long RECORD_BYTES = 256;

  /**
   * A record that waits for its answer.
   *
   * @param record the original
   * @param source topic, partition and offset
   * @param origin the same for Kafka's internals
   * @param review has its final id; null for a tombstone
   * @param encoded null for a tombstone
   */
  private record Pending(
      Record<byte[], byte[]> record,
      RecordMetadata source,
      CommitHook.Origin origin,
      Review review,
      Encoded encoded) {}

  /** How often it is looked whether a review is due, and a thread without records wakes up. */
  static final int CHECKS_PER_DELAY = 8;

  private final ReviewFormat input;
  private final SentimentFormat output;
  private final BufferRoom room;
  private final ModelKeeper keeper;
  private final BatchScorer scorer;
  private final EarlyCommits commits;
  private final StreamMetrics metrics;
  private final Clock clock;
  private final BiConsumer<Review, ReviewSentiment> observer;
  private final Optional<TrendScores> trends;

  private ProcessorContext<byte[], Outgoing> context;
  private CommitHook hook;
  private long checkMillis;
  private BufferRoom.Place place;
  private MicroBatch<Pending> batch;
  private BatchModels models;
  private Throwable failure;

  /**
   * @param observer is told of each score that was forwarded; must neither wait nor throw
   * @param trends makes what is counted by subject; empty if nothing is
   */
  ScoringProcessor(
      ReviewFormat input,
      SentimentFormat output,
      BufferRoom room,
      ModelKeeper keeper,
      BatchScorer scorer,
      EarlyCommits commits,
      StreamMetrics metrics,
      Clock clock,
      BiConsumer<Review, ReviewSentiment> observer,
      Optional<TrendScores> trends) {
    this.input = input;
    this.output = output;
    this.room = room;
    this.keeper = keeper;
    this.scorer = scorer;
    this.commits = commits;
    this.metrics = metrics;
    this.clock = clock;
    this.observer = observer;
    this.trends = trends;
  }

  @Override
  public void init(ProcessorContext<byte[], Outgoing> processorContext) {
    context = processorContext;
    leavePlace();
    place = room.enter();
    place.transaction().restarted();
    batch = new MicroBatch<>(place::limits);
    returnModels();
    failure = null;
    hook = context.getStateStore(SentimentTopology.COMMIT_HOOK);
    hook.attach(context, this::drainBeforeCommit);
    checkMillis = Math.max(1, place.limits().maxDelayMillis() / CHECKS_PER_DELAY);
    context.schedule(
        Duration.ofMillis(checkMillis), PunctuationType.WALL_CLOCK_TIME, this::drainIfDue);
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    requireIntact();
    place.transaction().goesOn();
    RecordMetadata source = context.recordMetadata().orElseThrow();
    if (record.value() == null) {
      enqueue(record, source, null, null);
      return;
    }
    try {
      Review review =
          input.read(
              record.key(),
              record.value(),
              () -> source.topic() + "-" + source.partition() + "-" + source.offset());
      enqueue(record, source, review, encode(record.key(), review.getId(), review.getText()));
    } catch (UnreadableRecordException e) {
      bury(record, source, Reason.UNREADABLE, e);
    } catch (UnscorableReviewException e) {
      bury(record, source, Reason.UNSCORABLE, e);
    } catch (SchemaRegistryUnavailableException e) {
      failure = e;
      throw e;
    } finally {
      if (batch.isEmpty()) {
        returnModels();
      }
    }
  }

  @Override
  public void close() {
    hook.detach();
    returnModels();
    leavePlace();
  }

  private void leavePlace() {
    if (place != null) {
      place.close();
      place = null;
    }
  }

  private Encoded encode(byte[] key, String id, String text) throws UnscorableReviewException {
    if (models == null) {
      models = keeper.lease();
    }
    byte[] sharedBy = key == null ? id.getBytes(StandardCharsets.UTF_8) : key;
    ServingModel model = models.answering(sharedBy);
    boolean needed = scorer.needsTexts(models, model);
    try {
      return new Encoded(model, model.pipeline().encode(text), needed ? text : null);
    } catch (RuntimeException | StackOverflowError e) {
      throw new UnscorableReviewException("the review cannot be tokenized: " + e, e);
    }
  }

  private void returnModels() {
    if (models != null) {
      models.close();
      models = null;
    }
  }

  private void enqueue(
      Record<byte[], byte[]> record, RecordMetadata source, Review review, Encoded encoded) {
    EncodedReview ids = encoded == null ? null : encoded.review();
    long bytes = bytesOf(record, review, encoded);
    Pending pending = new Pending(record, source, hook.origin(), review, encoded);
    batch.add(pending, ids, bytes, context.currentSystemTimeMs());
    place.changeBy(bytes);
    if (batch.isFull()) {
      drain();
    }
  }

  private static long bytesOf(Record<byte[], byte[]> record, Review review, Encoded encoded) {
    long bytes = RECORD_BYTES;
    bytes += record.key() == null ? 0 : record.key().length;
    bytes += record.value() == null ? 0 : record.value().length;
    for (Header header : record.headers()) {
      bytes += header.key().length() + (header.value() == null ? 0 : header.value().length);
    }
    if (encoded != null) {
      bytes += (long) Integer.BYTES * encoded.review().ids().length;
      bytes += (long) Character.BYTES * review.getText().length();
    }
    return bytes;
  }

  private void drainBeforeCommit() {
    place.transaction().commits();
    drain();
  }

  private void drainIfDue(long now) {
    requireIntact();
    place.transaction().goesOn();
    // The next check comes after as long again, and a thread that waits for records is later still.
    if (batch.isDue(now + 2 * checkMillis)) {
      drain();
      if (commits.areWorthIt(System.nanoTime())) {
        context.commit();
      }
    }
  }

  private void drain() {
    requireIntact();
    if (batch.isEmpty()) {
      return;
    }
    long start = System.nanoTime();
    long bytes = batch.bytes();
    try {
      answer(batch.take());
      place.transaction().wrote();
    } catch (RuntimeException | Error e) {
      failure = e;
      throw e;
    } finally {
      commits.worked(start, System.nanoTime());
      returnModels();
      place.changeBy(-bytes);
    }
  }

  private void answer(List<Waiting<Pending>> waiting) {
    List<Encoded> reviews =
        waiting.stream().map(next -> next.item().encoded()).filter(Objects::nonNull).toList();
    List<Scored> scored = reviews.isEmpty() ? List.of() : score(waiting, reviews);
    Iterator<Scored> results = scored.iterator();
    for (Waiting<Pending> next : waiting) {
      Pending pending = next.item();
      if (pending.encoded() == null) {
        hook.as(pending.origin(), () -> forwardTombstone(pending));
        continue;
      }
      Scored result = results.next();
      if (result.result().failure() == null) {
        hook.as(pending.origin(), () -> forwardScore(pending, result));
      } else {
        hook.as(pending.origin(), () -> forwardPoison(pending, result.result().failure()));
      }
    }
    if (!reviews.isEmpty()) {
      scorer.showShadow(models, reviews, scored);
    }
  }

  private List<Scored> score(List<Waiting<Pending>> waiting, List<Encoded> reviews) {
    long now = clock.millis();
    waiting.forEach(next -> metrics.waited(now - next.arrivedAt()));
    long start = System.nanoTime();
    List<Scored> scored = scorer.score(models, reviews);
    long nanos = System.nanoTime() - start;
    room.speed()
        .scored(reviews.stream().mapToLong(next -> next.review().ids().length).sum(), nanos);
    if (place.transaction().scored(nanos)) {
      metrics.transactionOverran();
    }
    return scored;
  }

  private void forwardTombstone(Pending pending) {
    Outgoing nothing = new Outgoing(null, pending.source().partition());
    context.forward(pending.record().withValue(nothing), SentimentTopology.SENTIMENTS);
    metrics.tombstone();
  }

  private void forwardScore(Pending pending, Scored scored) {
    Score score = scored.result().score();
    ReviewSentiment sentiment =
        scored
            .model()
            .sentiment(pending.review().getId(), score, scored.explanation(), clock.instant());
    byte[] value = output.write(sentiment, pending.record().value());
    Outgoing outgoing = new Outgoing(value, pending.source().partition());
    context.forward(pending.record().withValue(outgoing), SentimentTopology.SENTIMENTS);
    trends.ifPresent(scores -> forwardTrend(scores, pending, sentiment));
    observer.accept(pending.review(), sentiment);
    metrics.scored(
        score, scored.model().manifest().labels(), clock.millis() - pending.record().timestamp());
  }

  private void forwardTrend(TrendScores scores, Pending pending, ReviewSentiment sentiment) {
    long timestamp = pending.record().timestamp();
    byte[] value = scores.value(pending.review(), sentiment, timestamp);
    context.forward(
        new Record<>(
            scores.key(pending.review()),
            new Outgoing(value, pending.source().partition()),
            timestamp),
        SentimentTopology.TREND_SCORES);
  }

  private void forwardPoison(Pending pending, RuntimeException failure) {
    String message = "the review breaks the model: " + failure;
    bury(
        pending.record(),
        pending.source(),
        Reason.UNSCORABLE,
        new UnscorableReviewException(message, failure));
  }

  private void bury(
      Record<byte[], byte[]> record, RecordMetadata source, Reason reason, Exception why) {
    context.forward(DeadLetter.of(record, source, why), SentimentTopology.DEAD_LETTERS);
    place.transaction().wrote();
    metrics.deadLetter(reason);
  }

  private void requireIntact() {
    if (failure != null) {
      throw new IllegalStateException("an earlier batch was not answered: " + failure, failure);
    }
  }
}

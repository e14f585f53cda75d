package dev.valence.stream;

import dev.valence.model.Score;
import dev.valence.schema.Review;
import dev.valence.schema.ReviewSentiment;
import dev.valence.stream.BatchScorer.Encoded;
import dev.valence.stream.BatchScorer.Scored;
import dev.valence.stream.DeadLetter.Reason;
import dev.valence.stream.ThreadWork.Answer;
import dev.valence.stream.format.ReviewFormat;
import dev.valence.stream.format.SchemaRegistryUnavailableException;
import dev.valence.stream.format.SentimentFormat;
import dev.valence.stream.format.UnreadableRecordException;
import dev.valence.stream.trend.TrendScores;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * Reads reviews of one task, collects them into micro-batches, and answers in the order of arrival.
 * The batch is scored when it is full, when its oldest record has waited long enough, and before
 * every commit, each time with those of the thread's other tasks.
 *
 * <p>After a failure nothing is forwarded any more and every call throws: whoever swallows the
 * exception, Kafka's handlers included, cannot get the lost batch committed. Kafka Streams may
 * revive the task, which initialises the processor anew.
 */
final class ScoringProcessor implements Processor<byte[], byte[], byte[], Outgoing> {

  /** About what a record costs beside its bytes. */
  private static final long RECORD_BYTES = 256;

  private static final int CHECKS_PER_DELAY = 8;

  /** A commit that someone waits for is asked for at a check, too. */
  static final int LONGEST_BETWEEN_CHECKS_MILLIS = 100;

  private final ReviewFormat input;
  private final SentimentFormat output;
  private final Supplier<ThreadWork> workOfThread;
  private final boolean mayNotWait;
  private final long checkMillis;
  private final StreamMetrics metrics;
  private final Clock clock;
  private final BiConsumer<Review, ReviewSentiment> observer;
  private final Optional<TrendScores> trends;

  private ProcessorContext<byte[], Outgoing> context;
  private CommitHook hook;
  private ThreadWork work;
  private ThreadWork.Share share;
  private Throwable failure;

  /**
   * @param workOfThread of the thread that calls
   * @param maxDelayMillis not negative; how long a review may wait
   * @param observer is told of each score that was forwarded; must neither wait nor throw
   * @param trends makes what is counted by subject; empty if nothing is
   */
  ScoringProcessor(
      ReviewFormat input,
      SentimentFormat output,
      Supplier<ThreadWork> workOfThread,
      long maxDelayMillis,
      StreamMetrics metrics,
      Clock clock,
      BiConsumer<Review, ReviewSentiment> observer,
      Optional<TrendScores> trends) {
    this.input = input;
    this.output = output;
    this.workOfThread = workOfThread;
    this.mayNotWait = maxDelayMillis == 0;
    this.checkMillis = checkMillis(maxDelayMillis);
    this.metrics = metrics;
    this.clock = clock;
    this.observer = observer;
    this.trends = trends;
  }

  /**
   * How often it is looked whether a review is due, and a thread without records wakes up.
   *
   * @param maxDelayMillis how long a review may wait
   */
  static long checkMillis(long maxDelayMillis) {
    long shortest = Collecting.idleDelayMillis(maxDelayMillis);
    return Math.max(1, Math.min(LONGEST_BETWEEN_CHECKS_MILLIS, shortest / CHECKS_PER_DELAY));
  }

  @Override
  public void init(ProcessorContext<byte[], Outgoing> processorContext) {
    context = processorContext;
    leave();
    work = workOfThread.get();
    share = work.join();
    failure = null;
    hook = context.getStateStore(SentimentTopology.COMMIT_HOOK);
    hook.attach(context, this::drainBeforeCommit);
    context.schedule(
        Duration.ofMillis(checkMillis), PunctuationType.WALL_CLOCK_TIME, time -> drainIfDue());
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    requireIntact();
    work.goesOn();
    answer();
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
      work.rest();
    }
  }

  @Override
  public void close() {
    hook.detach();
    leave();
  }

  private void leave() {
    if (share != null) {
      share.close();
      share = null;
    }
  }

  private Encoded encode(byte[] key, String id, String text) throws UnscorableReviewException {
    byte[] sharedBy = key == null ? id.getBytes(StandardCharsets.UTF_8) : key;
    ServingModel model = work.models().answering(sharedBy);
    boolean needed = work.needsTexts(model);
    try {
      return new Encoded(model, model.pipeline().encode(text), needed ? text : null);
    } catch (RuntimeException | StackOverflowError e) {
      throw new UnscorableReviewException("the review cannot be tokenized: " + e, e);
    }
  }

  private void enqueue(
      Record<byte[], byte[]> record, RecordMetadata source, Review review, Encoded encoded) {
    // Not Kafka Streams' time, which may be that before the last scoring.
    long now = clock.millis();
    Pending pending = new Pending(record, source, hook.origin(), review, encoded);
    share.add(pending, bytesOf(record, review, encoded), now);
    if (share.isFull()) {
      drainDue();
    } else if (mayNotWait && share.isDue(now)) {
      drainDue();
    } else if (share.isNearlyFull() && work.commits().mayBegin(System.nanoTime())) {
      // Scores them all. A commit that came after a full batch would find a few records more.
      context.commit();
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
    requireIntact();
    work.commitBegins();
    drain();
    work.commitFollows();
  }

  private void drainIfDue() {
    requireIntact();
    work.goesOn();
    answer();
    // The next check comes after as long again, and a thread that waits for records is later still.
    if (share.isDue(clock.millis() + 2 * checkMillis)) {
      drainDue();
    }
    if (work.commits().areDue(System.nanoTime())) {
      context.commit();
    }
  }

  private void drainDue() {
    drain();
    work.commits().want();
  }

  private void drain() {
    work.score();
    answer();
  }

  /** Forwards what is scored, perhaps because another task's batch was full or due. */
  private void answer() {
    List<Answer> answers = share.takeAnswers();
    try {
      for (Answer next : answers) {
        hook.as(next.pending().origin(), () -> forward(next.pending(), next.scored()));
      }
    } catch (TimeoutException e) {
      failure = e;
      // For a time-out of Kafka in a punctuation Kafka Streams gives this task up by itself, and
      // commits the thread's transaction for the others, with what this one has written in it and
      // will write again (StreamTask.punctuate, TaskManager.handleCorruption).
      throw new StreamsException(e);
    } catch (RuntimeException | Error e) {
      failure = e;
      throw e;
    }
    if (!answers.isEmpty()) {
      work.wrote();
    }
  }

  private void forward(Pending pending, Scored scored) {
    if (scored == null) {
      forwardTombstone(pending);
    } else if (scored.result().failure() == null) {
      forwardScore(pending, scored);
    } else {
      forwardPoison(pending, scored.result().failure());
    }
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
    work.wrote();
    work.commits().want();
    metrics.deadLetter(reason);
  }

  private void requireIntact() {
    if (failure != null) {
      throw new IllegalStateException("an earlier batch was not answered: " + failure, failure);
    }
  }
}

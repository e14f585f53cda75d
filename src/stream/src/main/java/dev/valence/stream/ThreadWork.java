package dev.valence.stream;

import dev.valence.stream.BatchScorer.Encoded;
import dev.valence.stream.BatchScorer.Scored;
import dev.valence.stream.MicroBatch.Waiting;
import dev.valence.text.EncodedReview;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;

/**
 * What one thread of the stream works on: the batches of its tasks and its transaction. It scores
 * all batches together, whichever of them asks for it: a run of the model costs much before its
 * first review, so that a few reviews of each partition are better read in one run than in one
 * each. And a commit, which empties all of them, takes one run. For one thread.
 *
 * <p>After a failure every call throws, so that nothing of what was lost is committed.
 */
final class ThreadWork {

  /**
   * A record that can be answered.
   *
   * @param scored null for a tombstone
   */
  record Answer(Pending pending, Scored scored) {}

  /** The work for one task. */
  final class Share implements AutoCloseable {

    private final BufferRoom.Place place;
    private final MicroBatch<Pending> batch = new MicroBatch<>();
    private List<Answer> answers = new ArrayList<>();
    private long answeredBytes;

    private Share(BufferRoom.Place place) {
      this.place = place;
    }

    /**
     * Adds a record behind the others. One that came while the thread scored has waited since then.
     *
     * @param bytes that it takes
     * @param now wall-clock milliseconds
     */
    void add(Pending pending, long bytes, long now) {
      EncodedReview ids = pending.encoded() == null ? null : pending.encoded().review();
      collecting.came(now, place.limits().maxDelayMillis());
      long since = collecting.waitsSince(pending.record().timestamp(), now);
      batch.add(pending, ids, bytes, since, now);
      place.changeBy(bytes);
    }

    /** Whether no more may be collected. */
    boolean isFull() {
      return fills(1);
    }

    /** Whether enough has been collected. */
    boolean isNearlyFull() {
      return fills(NEARLY);
    }

    private boolean fills(double part) {
      BatchLimits most = place.limits();
      return waitingReviews() >= part * most.maxReviews()
          || waitingTokens() >= part * most.maxTokens()
          || batch.bytes() >= part * most.maxBytes();
    }

    /**
     * Whether a record has waited long enough.
     *
     * @param now wall-clock milliseconds
     */
    boolean isDue(long now) {
      return batch.isDue(
          now, collecting.delayMillis(), collecting.leastMillis(now, scoringMillis()));
    }

    /** Takes what can be answered, in the order of arrival. */
    List<Answer> takeAnswers() {
      List<Answer> taken = answers;
      answers = new ArrayList<>();
      place.changeBy(-answeredBytes);
      answeredBytes = 0;
      return taken;
    }

    /** Leaves the thread, with all that was not answered. */
    @Override
    public void close() {
      shares.remove(this);
      place.close();
      rest();
    }

    private boolean isEmpty() {
      return batch.isEmpty();
    }

    private void answerWith(Iterator<Scored> scored) {
      answeredBytes += batch.bytes();
      for (Waiting<Pending> next : batch.take()) {
        answers.add(new Answer(next.item(), next.item().encoded() == null ? null : scored.next()));
      }
    }
  }

  /** So full a batch is full enough. */
  private static final double NEARLY = 0.875;

  private final ModelKeeper keeper;
  private final BatchScorer scorer;
  private final BufferRoom room;
  private final TransactionWatch transaction;
  private final EarlyCommits commits;
  private final StreamMetrics metrics;
  private final Clock clock;
  private final Collecting collecting = new Collecting();
  private final List<Share> shares = new ArrayList<>();

  private BatchModels models;
  private Throwable failure;

  /**
   * @param room what waits takes place in it
   * @param transaction of the thread
   * @param commits of the thread
   */
  ThreadWork(
      ModelKeeper keeper,
      BatchScorer scorer,
      BufferRoom room,
      TransactionWatch transaction,
      EarlyCommits commits,
      StreamMetrics metrics,
      Clock clock) {
    this.keeper = keeper;
    this.scorer = scorer;
    this.room = room;
    this.transaction = transaction;
    this.commits = commits;
    this.metrics = metrics;
    this.clock = clock;
  }

  /** A task comes, and starts where the last commit was. */
  Share join() {
    transaction.restarted();
    Share share = new Share(room.enter());
    shares.add(share);
    return share;
  }

  /** The models that the next records are to be encoded for. */
  BatchModels models() {
    if (models == null) {
      models = keeper.lease();
    }
    return models;
  }

  /** Whether the texts of reviews that this model encodes must be kept until they are answered. */
  boolean needsTexts(ServingModel encoding) {
    return scorer.needsTexts(models(), encoding);
  }

  /** The commits that someone waits for. */
  EarlyCommits commits() {
    return commits;
  }

  /** The thread goes on with its records. */
  void goesOn() {
    requireIntact();
    transaction.goesOn();
    if (commits.goesOn(System.nanoTime())) {
      collecting.committed(clock.millis());
    }
  }

  /** A task was asked for all that it has, before a commit. */
  void commitBegins() {
    requireIntact();
    transaction.commits();
  }

  /** A task has given all that it has; the commit follows when the others have, too. */
  void commitFollows() {
    commits.begins(System.nanoTime());
  }

  /** Records have been written. */
  void wrote() {
    transaction.wrote();
  }

  /** Scores everything that waits, whichever task it belongs to. */
  void score() {
    requireIntact();
    collecting.answers();
    try {
      List<Waiting<Pending>> waiting =
          shares.stream().flatMap(share -> share.batch.waiting().stream()).toList();
      List<Encoded> reviews =
          waiting.stream().map(next -> next.item().encoded()).filter(Objects::nonNull).toList();
      List<Scored> scored = reviews.isEmpty() ? List.of() : score(waiting, reviews);
      Iterator<Scored> results = scored.iterator();
      shares.forEach(share -> share.answerWith(results));
      if (!reviews.isEmpty()) {
        scorer.showShadow(models, reviews, scored);
      }
    } catch (RuntimeException | Error e) {
      failure = e;
      throw e;
    } finally {
      rest();
    }
  }

  private List<Scored> score(List<Waiting<Pending>> waiting, List<Encoded> reviews) {
    long began = clock.millis();
    boolean hadMore = shares.stream().anyMatch(Share::isNearlyFull);
    waiting.forEach(next -> metrics.waited(began - next.since()));
    long start = System.nanoTime();
    List<Scored> scored = scorer.score(models, reviews);
    long nanos = System.nanoTime() - start;
    collecting.scored(began, clock.millis(), hadMore);
    room.speed()
        .scored(reviews.stream().mapToLong(next -> next.review().ids().length).sum(), nanos);
    if (transaction.scored(nanos)) {
      metrics.transactionOverran();
    }
    return scored;
  }

  private int waitingReviews() {
    return shares.stream().mapToInt(share -> share.batch.waiting().size()).sum();
  }

  private long waitingTokens() {
    return shares.stream().mapToLong(share -> share.batch.tokens()).sum();
  }

  /** How long it takes to score what waits. */
  private long scoringMillis() {
    return (long) (1_000 * waitingTokens() / room.speed().tokensPerSecond());
  }

  /** Gives the models back if nothing waits for them. */
  void rest() {
    if (models != null && (failure != null || shares.stream().allMatch(Share::isEmpty))) {
      models.close();
      models = null;
    }
  }

  private void requireIntact() {
    if (failure != null) {
      throw new IllegalStateException("an earlier batch was not answered: " + failure, failure);
    }
  }
}

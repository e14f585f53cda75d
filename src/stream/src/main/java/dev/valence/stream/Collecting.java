package dev.valence.stream;

/**
 * How long the records of a thread are collected before they are scored, by how long it scored last
 * and for what waits. For one thread.
 */
final class Collecting {

  /** Scoring takes at least so many times as long as collecting, if that goes on in a backlog. */
  private static final int PART = 8;

  /** The longest delay is so many times that of a record which comes to an idle thread. */
  private static final int IDLE_PART = 5;

  /** A thread that scores less of its time than this loses nothing by small batches. */
  private static final double LITTLE = 0.6;

  /** One that scores more of its time has none left for a burst, and takes all the delay. */
  private static final double MUCH = 0.7;

  /** What was that long ago counts for a third. */
  private static final double MEMORY_MILLIS = 2_000;

  /** So long after a scoring and its commit, records are fetched that came meanwhile. */
  private static final int CATCHING_UP_MILLIS = 50;

  private long began;
  private long ended;
  private long resumed;
  private boolean hadMore;
  private double busyShare;
  private boolean collects;
  private long shortestMillis;
  private long delayMillis;

  /**
   * How long a record waits that comes to a thread with little to do.
   *
   * @param maxDelayMillis how long a record may wait
   */
  static long idleDelayMillis(long maxDelayMillis) {
    return maxDelayMillis / IDLE_PART;
  }

  /**
   * A record came.
   *
   * @param now wall-clock milliseconds
   * @param maxDelayMillis how long it may wait
   */
  void came(long now, long maxDelayMillis) {
    if (!collects) {
      collects = true;
      double busy = busyShare * remembered(now - ended);
      double part = Math.max(0, Math.min(1, (busy - LITTLE) / (MUCH - LITTLE)));
      shortestMillis = idleDelayMillis(maxDelayMillis);
      delayMillis = shortestMillis + (long) (part * (maxDelayMillis - shortestMillis));
    }
  }

  /** Everything that waited is about to be answered. */
  void answers() {
    collects = false;
  }

  /**
   * Everything that waited was scored.
   *
   * @param from wall-clock milliseconds
   * @param to wall-clock milliseconds
   * @param more whether there may have been more than could be taken
   */
  void scored(long from, long to, boolean more) {
    double remembered = remembered(to - ended);
    busyShare = remembered * busyShare + (1 - remembered) * (to - from) / Math.max(1, to - ended);
    began = from;
    ended = to;
    resumed = to;
    hadMore = more;
  }

  /**
   * A commit is over.
   *
   * @param now wall-clock milliseconds
   */
  void committed(long now) {
    resumed = now;
  }

  /**
   * When a record came, as far as its timestamp can be trusted: not before the last scoring began,
   * and not before now if the thread has had the time to fetch it since that and its commit.
   *
   * @param now wall-clock milliseconds
   */
  long waitsSince(long timestamp, long now) {
    boolean cameMeanwhile = now - resumed <= CATCHING_UP_MILLIS;
    return cameMeanwhile ? Math.min(now, Math.max(timestamp, began)) : now;
  }

  /**
   * How long the oldest record waits, the longer, the more of its time the thread scored lately. A
   * few reviews take nearly as long as many: in small batches a thread would be busy all the time
   * at half of the load that it can bear, and a burst would have to wait.
   */
  long delayMillis() {
    return delayMillis;
  }

  /**
   * How long records are collected at least: half of the shortest delay, since of those that came
   * while the thread scored not all are there at once. In a backlog it is an eighth of the time
   * that the scoring takes, which costs little, and many reviews together are scored faster.
   *
   * @param now wall-clock milliseconds
   * @param scoringMillis that it takes to score what waits
   */
  long leastMillis(long now, long scoringMillis) {
    long last = ended - began;
    // A moment after there was more than could be taken, as much again waits elsewhere.
    long backlog = Math.max(hadMore && now - ended < last ? last : 0, scoringMillis);
    return Math.max(shortestMillis / 2, backlog / PART);
  }

  /** How much what was true so long ago still counts. */
  private static double remembered(long millis) {
    return Math.exp(-millis / MEMORY_MILLIS);
  }
}

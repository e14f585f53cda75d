package dev.valence.stream;

/**
 * How long the records of a thread are collected before they are scored, by how long it scored last
 * and for what waits. For one thread.
 */
final class Collecting {

  /** Scoring takes at least so many times as long as collecting, if that goes on in a backlog. */
  private static final int PART = 8;

  /** So long after a scoring and its commit, records are fetched that came meanwhile. */
  private static final int CATCHING_UP_MILLIS = 50;

  private long began;
  private long ended;
  private long resumed;
  private boolean hadMore;

  /**
   * Everything that waited was scored.
   *
   * @param from wall-clock milliseconds
   * @param to wall-clock milliseconds
   * @param more whether there may have been more than could be taken
   */
  void scored(long from, long to, boolean more) {
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
   * How long records are collected at least: half of the delay, since of those that came while the
   * thread scored not all are there at once. In a backlog it is an eighth of the time that the
   * scoring takes, which costs little, and many reviews together are scored faster.
   *
   * @param now wall-clock milliseconds
   * @param maxDelayMillis how long a record may wait
   * @param scoringMillis that it takes to score what waits
   */
  long leastMillis(long now, long maxDelayMillis, long scoringMillis) {
    long last = ended - began;
    // A moment after there was more than could be taken, as much again waits elsewhere.
    long backlog = Math.max(hadMore && now - ended < last ? last : 0, scoringMillis);
    return Math.max(maxDelayMillis / 2, backlog / PART);
  }
}

package dev.valence.stream;

import dev.valence.stream.control.Candidate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The model versions that were asked for and are not used, and why. Safe for use by many threads.
 */
final class Refusals {

  /**
   * Why a version is not used.
   *
   * @param mark of its files then: it is tried again only when they change
   */
  private record Refusal(String mark, String reason) {}

  /** Mark of no files: what was refused with it is tried again each time. */
  static final String PASSING = "";

  private final ModelMetrics metrics;
  private final Map<Long, Refusal> byVersion = new ConcurrentHashMap<>();

  Refusals(ModelMetrics metrics) {
    this.metrics = metrics;
  }

  /**
   * Refuses a version, or once more when its files have changed.
   *
   * @param mark of its files, or {@link #PASSING}
   * @return whether that is news: what passes is told once
   */
  boolean add(long version, String mark, String reason) {
    Refusal before = byVersion.put(version, new Refusal(mark, reason));
    boolean news = before == null || !mark.equals(PASSING) || !before.reason().equals(reason);
    if (news) {
      metrics.refused(version);
    }
    return news;
  }

  /**
   * Refuses a version if it is not refused yet.
   *
   * @param mark of its files
   * @return whether it was not
   */
  boolean addNew(long version, String mark, String reason) {
    boolean added = byVersion.putIfAbsent(version, new Refusal(mark, reason)) == null;
    if (added) {
      metrics.refused(version);
    }
    return added;
  }

  /** Whether a version is refused. */
  boolean has(long version) {
    return byVersion.containsKey(version);
  }

  /** Whether a version is refused and its files are those that it was refused for. */
  boolean has(long version, String mark) {
    Refusal refusal = byVersion.get(version);
    return refusal != null && refusal.mark().equals(mark);
  }

  /** Why a version is refused. */
  String reason(long version) {
    return byVersion.get(version).reason();
  }

  /** A version has been mended. */
  void forget(long version) {
    if (byVersion.remove(version) != null) {
      metrics.forgotRefused(version);
    }
  }

  /**
   * Other versions are asked for.
   *
   * @param serving to serve
   * @param candidate on trial; null for none
   */
  void forgetAllBut(long serving, Candidate candidate) {
    for (long refused : List.copyOf(byVersion.keySet())) {
      if (refused != serving && (candidate == null || refused != candidate.version())) {
        forget(refused);
      }
    }
  }

  /**
   * A line for each.
   *
   * @param serving the version that serves instead
   */
  List<String> complaints(long serving) {
    return byVersion.entrySet().stream()
        .map(refused -> complaint(refused.getKey(), serving, refused.getValue().reason()))
        .toList();
  }

  private static String complaint(long version, long serving, String reason) {
    return "model version %d is refused, version %d serves: %s".formatted(version, serving, reason);
  }
}

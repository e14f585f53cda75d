package dev.valence.stream.page;

import dev.valence.schema.ReviewSentiment;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counts every scored review: in all, by subject and by version of the model. Knows the subjects
 * that were seen last, and forgets the others. Safe for use by many threads.
 */
final class Tally {

  private static final int SUBJECTS = 1_000;
  private static final int VERSIONS = 20;

  /**
   * What was said about a subject lately.
   *
   * @param subject empty for reviews without one
   * @param reviews how many there were
   * @param counts reviews of each label by step, see {@link LabelSeries}
   */
  record Subject(String subject, long reviews, Map<String, int[]> counts) {}

  /**
   * A version of the model since it was first seen here.
   *
   * @param since wall-clock milliseconds
   * @param labels reviews of each label
   */
  record Version(String name, long version, long since, Map<String, Long> labels) {}

  private final LabelSeries all = new LabelSeries();
  private final Map<String, LabelSeries> bySubject = lastSeen(SUBJECTS);
  private final Map<String, Version> byVersion = lastSeen(VERSIONS);
  private long scored;

  /**
   * @param subject null for none
   * @param now wall-clock milliseconds
   */
  synchronized void add(String subject, ReviewSentiment sentiment, long now) {
    scored++;
    String label = sentiment.getLabel();
    all.add(label, now);
    String about = subject == null ? "" : subject;
    bySubject.computeIfAbsent(about, none -> new LabelSeries()).add(label, now);
    String name = sentiment.getModelName();
    long number = sentiment.getModelVersion();
    byVersion
        .computeIfAbsent(
            name + " " + number, none -> new Version(name, number, now, new TreeMap<>()))
        .labels()
        .merge(label, 1L, Long::sum);
  }

  /** All reviews since the start. */
  synchronized long scored() {
    return scored;
  }

  /** What all reviews of the last minutes came to, see {@link LabelSeries}. */
  synchronized Map<String, int[]> counts(long now) {
    return all.counts(now);
  }

  /** The subjects with the most reviews of the last minutes, the most talked about first. */
  synchronized List<Subject> subjects(int most, long now) {
    return bySubject.entrySet().stream()
        .map(
            entry ->
                new Subject(
                    entry.getKey(), entry.getValue().total(now), entry.getValue().counts(now)))
        .filter(subject -> subject.reviews() > 0)
        .sorted(
            Comparator.comparingLong(Subject::reviews).reversed().thenComparing(Subject::subject))
        .limit(most)
        .toList();
  }

  /** The versions that have scored, the latest first seen first. */
  synchronized List<Version> versions() {
    return byVersion.values().stream()
        .map(
            version ->
                new Version(
                    version.name(),
                    version.version(),
                    version.since(),
                    new TreeMap<>(version.labels())))
        .sorted(Comparator.comparingLong(Version::since).reversed())
        .toList();
  }

  private static <V> Map<String, V> lastSeen(int most) {
    return new LinkedHashMap<>(16, 0.75f, true) {
      @Override
      protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
        return size() > most;
      }
    };
  }
}

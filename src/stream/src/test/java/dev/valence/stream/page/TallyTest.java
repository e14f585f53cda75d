package dev.valence.stream.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.valence.schema.ReviewSentiment;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TallyTest {

  private static final long NOW = 1_800_000_000_000L;

  private final Tally tally = new Tally();

  @Test
  void ordersSubjectsByHowMuchTheyAreTalkedAbout() {
    tally.add("kettle", sentiment("positive", 1), NOW);
    tally.add("film", sentiment("negative", 1), NOW);
    tally.add("film", sentiment("negative", 1), NOW);
    tally.add(null, sentiment("positive", 1), NOW);

    assertThat(tally.subjects(2, NOW))
        .extracting(Tally.Subject::subject)
        .containsExactly("film", "");
    assertThat(tally.subjects(9, NOW))
        .extracting(Tally.Subject::reviews)
        .containsExactly(2L, 1L, 1L);
    assertThat(tally.scored()).isEqualTo(4);
  }

  @Test
  void keepsVersionsApartTheNewestFirst() {
    tally.add("film", sentiment("negative", 1), NOW);
    tally.add("film", sentiment("positive", 2), NOW + 1);
    tally.add("film", sentiment("positive", 2), NOW + 2);

    assertThat(tally.versions()).extracting(Tally.Version::version).containsExactly(2L, 1L);
    assertThat(tally.versions().get(0).labels()).containsExactly(entry("positive", 2L));
    assertThat(tally.versions().get(0).since()).isEqualTo(NOW + 1);
  }

  @Test
  void doesNotGrowWithTheNumberOfSubjects() {
    for (int subject = 0; subject < 3_000; subject++) {
      tally.add("subject " + subject, sentiment("positive", 1), NOW);
    }

    assertThat(tally.subjects(Integer.MAX_VALUE, NOW)).hasSizeBetween(12, 1_000);
  }

  private static ReviewSentiment sentiment(String label, long version) {
    return ReviewSentiment.newBuilder()
        .setReviewId("1")
        .setLabel(label)
        .setProbabilities(Map.of(label, 1f))
        .setModelName("tiny")
        .setModelVersion(version)
        .setTokens(1)
        .setUnknownTokens(0)
        .setTruncated(false)
        .setScoredAt(Instant.ofEpochMilli(NOW))
        .build();
  }
}

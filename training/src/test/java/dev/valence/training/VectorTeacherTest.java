package dev.valence.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class VectorTeacherTest {
  private static final List<String> LABELS = List.of("bad", "good");
  private static final List<String> GRADES = List.of("dull", "fair", "great");

  private final Progress silent =
      new Progress(new PrintStream(OutputStream.nullOutputStream()), false);

  @Test
  void learnsFromUnjudgedReviewsWhichWordsGoTogether() {
    Corpus judged = reviews("judged", 300, 1, LABELS, "common");
    Corpus held = reviews("held", 200, 2, LABELS, "common");
    Corpus strange = reviews("strange", 200, 3, LABELS, "rare");
    Corpus unjudged = unlabelled(reviews("unjudged", 2_000, 4, LABELS, "common", "rare"));
    Corpus training = judged.and(unjudged);

    Judged ofVectors = new VectorTeacher(silent).judge(training, held, strange);
    Judged ofWords = new LinearTeacher(silent).judge(training, held, strange);

    assertThat(ofVectors.heldOut().accuracy()).isGreaterThan(0.9);
    assertThat(right(ofVectors, strange)).isGreaterThan(0.9);
    assertThat(right(ofWords, strange)).isLessThan(0.7);
  }

  @Test
  void tellsEachOfManyLabelsFromTheRest() {
    Corpus training = reviews("judged", 600, 1, GRADES, "common");
    Corpus held = reviews("held", 200, 2, GRADES, "common");
    Document blank = new Document("blank", "", null, "blank");

    ByteArrayOutputStream said = new ByteArrayOutputStream();
    Judged judged =
        new VectorTeacher(new Progress(new PrintStream(said), false))
            .judge(training, held, held.and(new Corpus(List.of(blank))));

    assertThat(said.toString()).as("each is read once").contains(" n-grams of 801 reviews");
    assertThat(judged.softLabels().labels()).isEqualTo(GRADES);
    assertThat(judged.softLabels().byId()).hasSize(201);
    assertThat(right(judged, held)).isGreaterThan(0.9).isEqualTo(judged.heldOut().accuracy());
    float[] ofBlank = judged.softLabels().of("blank");
    assertThat(ofBlank[0] + ofBlank[1] + ofBlank[2]).isCloseTo(1, within(1e-5f));
  }

  @Test
  void saysWhatIsMissing() {
    Corpus some = reviews("some", 20, 1, LABELS, "common");
    Corpus none = new Corpus(List.of());
    VectorTeacher teacher = new VectorTeacher(silent);

    assertThatThrownBy(() -> teacher.judge(some, some, none))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("no review to judge");
    assertThatThrownBy(() -> teacher.judge(some, none, some))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("no labelled review is held out");
  }

  private static double right(Judged judged, Corpus reviews) {
    List<String> labels = judged.softLabels().labels();
    return reviews.documents().stream()
            .filter(
                document -> {
                  float[] probabilities = judged.softLabels().of(document.id());
                  float own = probabilities[labels.indexOf(document.label())];
                  return IntStream.range(0, labels.size()).noneMatch(i -> probabilities[i] > own);
                })
            .count()
        / (double) reviews.documents().size();
  }

  /** Of each kind, five words of the label's ten, and as many that all labels have. */
  private static Corpus reviews(
      String name, int count, long seed, List<String> labels, String... kinds) {
    Random random = new Random(seed);
    List<Document> documents = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String label = labels.get(random.nextInt(labels.size()));
      List<String> words = new ArrayList<>();
      for (String kind : kinds) {
        for (int word = 0; word < 5; word++) {
          words.add(kind + label + (char) ('a' + random.nextInt(10)));
          words.add("any" + (char) ('a' + random.nextInt(10)));
        }
      }
      Collections.shuffle(words, random);
      documents.add(new Document(name + i, String.join(" ", words), label, name + i));
    }
    return new Corpus(documents);
  }

  private static Corpus unlabelled(Corpus corpus) {
    return new Corpus(corpus.documents().stream().map(Document::unlabelled).toList());
  }
}

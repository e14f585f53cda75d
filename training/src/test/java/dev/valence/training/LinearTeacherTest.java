package dev.valence.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.OutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LinearTeacherTest {
  private static final List<String> THINGS = List.of("film", "kettle", "teacher", "phone");

  private final Progress silent =
      new Progress(new PrintStream(OutputStream.nullOutputStream()), false);

  @Test
  void knowsWhatTheOrderOfWordsSays() {
    Corpus training = reviews(200, 1, LinearTeacherTest::contrast);
    Corpus validation = reviews(60, 2, LinearTeacherTest::contrast);

    Judged judged = new LinearTeacher(silent).judge(training, validation, unlabelled(validation));

    assertThat(judged.heldOut().reviews()).isEqualTo(60);
    assertThat(judged.heldOut().accuracy()).isEqualTo(1);
    for (Document document : validation.documents()) {
      float[] probabilities = judged.softLabels().of(document.id());
      assertThat(probabilities[document.label().equals("positive") ? 1 : 0])
          .as(document.text())
          .isGreaterThan(0.9f);
    }
  }

  @Test
  void tellsEachOfManyLabelsFromTheRest() {
    Function<Random, Document> grades =
        random -> {
          int grade = random.nextInt(3);
          String word = List.of("dull", "fair", "great").get(grade);
          return new Document("", "a " + word + " " + thing(random), "grade " + grade, "");
        };

    Judged judged =
        new LinearTeacher(silent)
            .judge(
                reviews(150, 1, grades),
                reviews(30, 2, grades),
                new Corpus(List.of(new Document("new", "a great shoe", null, "new"))));

    assertThat(judged.softLabels().labels()).containsExactly("grade 0", "grade 1", "grade 2");
    float[] probabilities = judged.softLabels().of("new");
    assertThat(probabilities[2]).isGreaterThan(0.8f);
    assertThat(probabilities[0] + probabilities[1] + probabilities[2]).isCloseTo(1, within(1e-5f));
  }

  @Test
  void isNoSurerThanItIsRight() {
    Function<Random, Document> noisy =
        random -> {
          Document document = contrast(random);
          boolean flipped = random.nextInt(5) == 0;
          return flipped ? labelled(document, opposite(document.label())) : document;
        };
    Corpus validation = reviews(400, 2, noisy);

    Judged judged = new LinearTeacher(silent).judge(reviews(400, 1, noisy), validation, validation);

    assertThat(judged.heldOut().accuracy()).isBetween(0.7, 0.9);
    double confidence =
        validation.documents().stream()
            .map(document -> judged.softLabels().of(document.id()))
            .mapToDouble(probabilities -> Math.max(probabilities[0], probabilities[1]))
            .average()
            .orElseThrow();
    assertThat(confidence).isCloseTo(judged.heldOut().accuracy(), within(0.05));
  }

  @Test
  void saysWhatIsMissing() {
    Corpus some = reviews(20, 1, LinearTeacherTest::contrast);
    Corpus none = new Corpus(List.of());
    LinearTeacher teacher = new LinearTeacher(silent);

    assertThatThrownBy(() -> teacher.judge(some, some, none))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("no review to judge");
    assertThatThrownBy(() -> teacher.judge(some, none, some))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("no labelled review is held out");
    assertThatThrownBy(() -> teacher.judge(unlabelled(some), some, some))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("at least two labels");
  }

  /** Both labels have the same words, each as often. */
  private static Document contrast(Random random) {
    boolean positive = random.nextBoolean();
    return new Document(
        "",
        (positive ? "not bad but good , this " : "not good but bad , this ") + thing(random),
        positive ? "positive" : "negative",
        "");
  }

  private static String thing(Random random) {
    return THINGS.get(random.nextInt(THINGS.size()));
  }

  private static String opposite(String label) {
    return label.equals("positive") ? "negative" : "positive";
  }

  private static Document labelled(Document document, String label) {
    return new Document(document.id(), document.text(), label, document.group());
  }

  private static Corpus reviews(int count, long seed, Function<Random, Document> make) {
    Random random = new Random(seed);
    List<Document> documents = new ArrayList<>();
    IntStream.range(0, count)
        .forEach(
            i -> {
              Document made = make.apply(random);
              documents.add(new Document("review-" + i, made.text(), made.label(), "group-" + i));
            });
    return new Corpus(documents);
  }

  private static Corpus unlabelled(Corpus corpus) {
    return new Corpus(corpus.documents().stream().map(Document::unlabelled).toList());
  }
}

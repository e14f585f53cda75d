package dev.valence.training;

import java.util.List;
import java.util.Locale;

/**
 * Lets a linear model judge reviews, which it learns in a minute from the judged ones: it errs
 * elsewhere than a recurrent network does, so that the mean of both knows more than either.
 */
public final class LinearTeacher {
  private final Progress progress;

  public LinearTeacher(Progress progress) {
    this.progress = progress;
  }

  /**
   * Learns, calibrates and judges.
   *
   * @param training reviews to learn; those without a label are passed over
   * @param validation reviews to calibrate by; those without a label to learn are passed over
   * @param reviews to judge, labelled or not
   * @throws TrainingException if the labels do not make a task, no labelled review is held out, or
   *     there is no review to judge
   */
  public Judged judge(Corpus training, Corpus validation, Corpus reviews) {
    Lesson lesson = Lesson.of(training, validation, reviews, new Corpus(List.of()));
    List<int[]> texts = lesson.texts();
    int learned = lesson.learned().length;
    LinearModel model =
        LinearModel.of(texts.subList(0, learned), lesson.learned(), lesson.labels().size());
    progress.line(
        String.format(
            Locale.ROOT, "%,d n-grams of %,d labelled reviews", model.ngrams().size(), learned));
    return lesson.judged(
        texts.subList(learned, texts.size()).parallelStream()
            .map(model::logits)
            .toArray(float[][]::new));
  }
}

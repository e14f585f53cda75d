package dev.valence.training;

import dev.valence.text.ReadingOrder;
import dev.valence.text.TextPipeline;
import java.util.List;
import java.util.function.DoublePredicate;

/**
 * Corpora made ready for a classifier.
 *
 * @param training what it learns from, in batches
 * @param held what it is chosen by
 * @param learned number of judged reviews in an epoch
 * @param taught number of reviews with a soft label, all epochs together
 * @param corpus digest of the judged reviews
 * @param fingerprint the same, the soft labels included
 */
record ClassifierText(
    ReviewBatches training,
    HeldOutReviews held,
    int learned,
    int taught,
    String corpus,
    String fingerprint) {
  static final int TOKENS_PER_REVIEW = 400;

  /**
   * Encodes and cuts.
   *
   * @param pipeline of the language model
   * @param labels of the corpus
   * @throws TrainingException if no review is held out, or the soft labels are not of this corpus
   */
  static ClassifierText of(
      Corpus training,
      Corpus validation,
      TextPipeline pipeline,
      List<String> labels,
      SoftLabels softLabels,
      Hyperparameters numbers) {
    Corpus judged = training.labelled();
    ReadingOrder order = numbers.readingOrder();
    // Learning from the ends of a long review costs less; judging and serving read more of it.
    TextPipeline shortened =
        pipeline.readingAtMost(Math.min(numbers.maxTokens(), pipeline.truncation().maxTokens()));
    List<ReviewBatches.Encoded> learned =
        judged.documents().parallelStream()
            .map(document -> ReviewBatches.Encoded.of(document, shortened, order, labels))
            .map(review -> review.smoothed(numbers.labelSmoothing()))
            .toList();
    List<ReviewBatches.Encoded> taught =
        numbers.unlabelled() == 0
            ? List.of()
            : taught(training, shortened, order, labels, softLabels);
    int maxTokens = numbers.bs() * TOKENS_PER_REVIEW;
    HeldOutReviews held =
        HeldOutReviews.of(
            validation,
            pipeline,
            order,
            labels,
            reviews -> new ReviewBatches(reviews, numbers.bs(), maxTokens, numbers.seed()));
    ReviewBatches batches =
        new ReviewBatches(
            learned,
            taught,
            (int) Math.round(numbers.unlabelled() * learned.size()),
            numbers.bs(),
            maxTokens,
            numbers.seed());
    String corpus = judged.digest();
    String fingerprint =
        taught.isEmpty()
            ? corpus
            : corpus + " and soft labels " + Integer.toHexString(softLabels.fingerprint());
    return new ClassifierText(batches, held, learned.size(), taught.size(), corpus, fingerprint);
  }

  /** The unlabelled reviews, and halves of them, that have a soft label. */
  private static List<ReviewBatches.Encoded> taught(
      Corpus training,
      TextPipeline pipeline,
      ReadingOrder order,
      List<String> labels,
      SoftLabels softLabels) {
    if (!softLabels.labels().equals(labels)) {
      throw new TrainingException(
          "the soft labels are of "
              + softLabels.labels()
              + " but the corpus has the labels "
              + labels
              + ". Label it with a model of the same labels.");
    }
    training.unlabelled().requireDistinctIds();
    List<Document> documents =
        training.unlabelled().withHalves().documents().stream()
            .filter(document -> softLabels.byId().containsKey(document.id()))
            .toList();
    if (documents.isEmpty()) {
      throw new TrainingException(
          "no unlabelled review of the corpus has a soft label. Label this corpus with `train"
              + " label`.");
    }
    return documents.parallelStream()
        .map(
            document ->
                new ReviewBatches.Encoded(
                    order.of(pipeline.encode(document.text()).ids()),
                    softLabels.byId().get(document.id())))
        .toList();
  }

  /**
   * Number of steps before something begins.
   *
   * @param before whether it has not begun at a time in epochs; once false, it stays so
   * @param epochs of the run, beyond which nothing begins
   */
  long stepsBefore(DoublePredicate before, double epochs) {
    long steps = 0;
    for (int epoch = 0; epoch < epochs && before.test(epoch); epoch++) {
      int size = training.epoch(epoch).size();
      for (int step = 0; step < size && before.test(time(epoch, step, size)); step++) {
        steps++;
      }
    }
    return steps;
  }

  /**
   * When a step is made, in epochs.
   *
   * @param epoch counts from 0
   * @param step of the epoch, counts from 0
   * @param steps of the epoch
   */
  static double time(int epoch, int step, int steps) {
    return epoch + (double) step / steps;
  }
}

package dev.valence.training;

import dev.valence.model.ReviewScorer;
import dev.valence.model.Score;
import dev.valence.model.SentimentModel;
import dev.valence.text.TextRules;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Measures an exported model on labelled reviews, through the same scoring that the stream uses, or
 * what several models together made of them.
 */
public final class ModelEvaluator {
  private static final int BLOCK = 1_000;

  private final Progress progress;

  public ModelEvaluator(Progress progress) {
    this.progress = progress;
  }

  /**
   * The labelled reviews that training holds out. Those of a label that no other review has, nobody
   * could learn to judge: they are passed over and counted in a line.
   *
   * @param all reviews to learn and held out ones
   * @param share of the groups that is held out
   * @param labels of whoever judges
   * @throws TrainingException if there is none
   */
  public Corpus heldOut(Corpus all, double share, List<String> labels) {
    List<String> known = new ArrayList<>(labels);
    known.addAll(all.training(share).labelled().documents().stream().map(Document::label).toList());
    Corpus held = all.validation(share);
    Corpus judged = held.labelled(known.stream().distinct().toList());
    int others = held.labelled().documents().size() - judged.documents().size();
    if (others > 0) {
      progress.line(HeldOutReviews.passedOver(others));
    }
    return judged;
  }

  /**
   * Scores all labelled reviews of a corpus.
   *
   * @throws TrainingException if there is none, or a label is not one of the model's
   */
  public ModelEvaluation evaluate(SentimentModel model, Corpus corpus) {
    List<Document> documents = corpus.labelled().documents();
    int[] truth =
        documents.stream().mapToInt(document -> index(model.labels(), document)).toArray();
    ReviewScorer scorer = new ReviewScorer(model, model.batchPlanner());
    List<Score> scored = new ArrayList<>(documents.size());
    progress.start();
    for (int start = 0; start < documents.size(); start += BLOCK) {
      List<Document> block = documents.subList(start, Math.min(documents.size(), start + BLOCK));
      List<Score> scores =
          scorer.score(
              block.parallelStream()
                  .map(document -> model.textPipeline().encode(document.text()))
                  .toList());
      scored.addAll(scores);
      progress.read(
          "evaluating",
          (start + block.size()) / (double) documents.size(),
          scores.stream().mapToLong(Score::tokens).sum());
    }
    float[][] probabilities = scored.stream().map(Score::probabilities).toArray(float[][]::new);
    int[] tokens = scored.stream().mapToInt(Score::tokens).toArray();
    return evaluation(
        probabilities, truth, tokens, i -> !scored.get(i).label().equals(Score.UNCERTAIN));
  }

  /**
   * Measures what models made of all labelled reviews of a corpus.
   *
   * @throws TrainingException if there is none, one has no soft label, or a label is not one of
   *     theirs
   */
  public ModelEvaluation evaluate(SoftLabels softLabels, Corpus corpus) {
    List<Document> documents = corpus.labelled().documents();
    int[] truth =
        documents.stream().mapToInt(document -> index(softLabels.labels(), document)).toArray();
    TextRules rules = TextRules.seed();
    int[] tokens =
        documents.parallelStream()
            .mapToInt(document -> rules.tokens(document.text()).size())
            .toArray();
    float[][] probabilities =
        documents.stream().map(document -> softLabels.of(document.id())).toArray(float[][]::new);
    return evaluation(probabilities, truth, tokens, i -> true);
  }

  private static ModelEvaluation evaluation(
      float[][] probabilities, int[] truth, int[] tokens, IntPredicate kept) {
    Evaluation overall = Evaluation.of(probabilities, truth);
    List<ModelEvaluation.Judged> judged = new ArrayList<>(truth.length);
    for (int i = 0; i < truth.length; i++) {
      int given = Evaluation.mostProbable(probabilities[i]);
      judged.add(
          new ModelEvaluation.Judged(
              tokens[i], probabilities[i][given], given == truth[i], kept.test(i)));
    }
    return ModelEvaluation.of(overall, judged);
  }

  private static int index(List<String> labels, Document document) {
    int index = labels.indexOf(document.label());
    if (index < 0) {
      throw new TrainingException(
          "the review "
              + document.id()
              + " is labelled '"
              + document.label()
              + "' but the model knows "
              + labels
              + ". Evaluate on reviews with its labels.");
    }
    return index;
  }
}

package dev.valence.training;

import dev.valence.model.ReviewScorer;
import dev.valence.model.Score;
import dev.valence.model.SentimentModel;
import dev.valence.text.ReadingOrder;
import dev.valence.text.Vocabulary;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Lets models judge reviews for a student to learn from. */
public final class Labeller {
  private static final int BLOCK = 512;

  private final Progress progress;

  public Labeller(Progress progress) {
    this.progress = progress;
  }

  /**
   * Scores all reviews with an exported model, on all cores.
   *
   * @throws TrainingException if there is no review
   */
  public SoftLabels label(SentimentModel model, Corpus corpus) {
    corpus.requireReviewsToJudge();
    List<Document> documents =
        corpus.documents().stream()
            // Blocks of like lengths: a model that reads whole reviews pads less.
            .sorted(Comparator.comparingInt(document -> document.text().length()))
            .toList();
    List<List<Document>> blocks = new ArrayList<>();
    for (int start = 0; start < documents.size(); start += BLOCK) {
      blocks.add(documents.subList(start, Math.min(documents.size(), start + BLOCK)));
    }
    ReviewScorer scorer = new ReviewScorer(model, model.batchPlanner());
    Map<String, float[]> byId = new LinkedHashMap<>();
    progress.start();
    blocks.parallelStream()
        .forEach(
            block -> {
              List<Score> scores =
                  scorer.score(
                      block.stream()
                          .map(document -> model.textPipeline().encode(document.text()))
                          .toList());
              synchronized (byId) {
                for (int i = 0; i < block.size(); i++) {
                  byId.put(block.get(i).id(), scores.get(i).probabilities());
                }
                progress.read(
                    "labelling",
                    byId.size() / (double) documents.size(),
                    scores.stream().mapToLong(Score::tokens).sum());
              }
            });
    return new SoftLabels(model.labels(), byId);
  }

  /**
   * Scores all reviews with a classifier as training left it, in single precision.
   *
   * @param towers branches that judge side by side
   * @throws TrainingException if there is no review
   */
  public SoftLabels label(Classifier classifier, Corpus corpus, int towers, Device device) {
    corpus.requireReviewsToJudge();
    Classifier.Facts facts = classifier.facts();
    ReadingOrder order = facts.numbers().readingOrder();
    float[] unknown = new float[facts.labels().size()];
    List<Document> documents = corpus.documents();
    List<ReviewBatches.Encoded> encoded =
        documents.parallelStream()
            .map(document -> classifier.pipeline().encode(document.text()).ids())
            .map(ids -> new ReviewBatches.Encoded(order.of(ids), unknown))
            .toList();
    Map<ReviewBatches.Encoded, String> ids = new IdentityHashMap<>();
    for (int i = 0; i < encoded.size(); i++) {
      ids.put(encoded.get(i), documents.get(i).id());
    }
    Map<String, float[]> byId = new LinkedHashMap<>();
    progress.start();
    try (ClassifierGraph graph =
        new ClassifierGraph(
            facts.numbers(), classifier.parameters(), Vocabulary.PADDING_ID, towers, device)) {
      int most = BLOCK * ClassifierText.TOKENS_PER_REVIEW;
      for (List<ReviewBatches.Encoded> batch :
          new ReviewBatches(encoded, BLOCK, most, 0).inOrderOfLength()) {
        float[][] probabilities =
            Calibration.probabilities(graph.logits(batch), facts.temperature());
        for (int i = 0; i < probabilities.length; i++) {
          byId.put(ids.get(batch.get(i)), probabilities[i]);
        }
        progress.read(
            "labelling",
            byId.size() / (double) documents.size(),
            batch.stream().mapToLong(review -> review.ids().length).sum());
      }
    }
    return new SoftLabels(facts.labels(), byId);
  }
}

package dev.valence.training;

import dev.valence.model.BatchPlanner;
import dev.valence.model.ReviewScorer;
import dev.valence.model.Score;
import dev.valence.model.SentimentModel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Lets exported models judge reviews, on all cores, for a student to learn from. */
public final class Labeller {
  private static final int BLOCK = 512;

  private final Progress progress;

  public Labeller(Progress progress) {
    this.progress = progress;
  }

  /**
   * Scores all reviews.
   *
   * @param model loaded for as many callers as there are cores
   * @throws TrainingException if there is no review
   */
  public SoftLabels label(SentimentModel model, Corpus corpus) {
    corpus.requireReviewsToJudge();
    List<Document> documents =
        corpus.documents().stream()
            // Blocks of like lengths: the scorer pads less.
            .sorted(Comparator.comparingInt(document -> document.text().length()))
            .toList();
    List<List<Document>> blocks = new ArrayList<>();
    for (int start = 0; start < documents.size(); start += BLOCK) {
      blocks.add(documents.subList(start, Math.min(documents.size(), start + BLOCK)));
    }
    ReviewScorer scorer = new ReviewScorer(model, new BatchPlanner());
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
}

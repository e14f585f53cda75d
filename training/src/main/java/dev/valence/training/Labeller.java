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

/**
 * Lets exported models judge the reviews that nobody judged, on all cores, for a student to learn
 * from.
 */
public final class Labeller {
  private static final int BLOCK = 512;

  private final Progress progress;

  public Labeller(Progress progress) {
    this.progress = progress;
  }

  /**
   * Scores all reviews without a label.
   *
   * @param model loaded for as many callers as there are cores
   * @throws TrainingException if every review has a label
   */
  public SoftLabels label(SentimentModel model, Corpus corpus) {
    List<Document> documents =
        corpus.documents().stream()
            .filter(document -> !document.labelled())
            // Blocks of like lengths: the scorer pads less.
            .sorted(Comparator.comparingInt(document -> document.text().length()))
            .toList();
    if (documents.isEmpty()) {
      throw new TrainingException(
          "every review of the corpus has a label: there is nothing to do. Give a corpus with reviews"
              + " that have none.");
    }
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

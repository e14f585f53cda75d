package dev.valence.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.valence.model.ReviewScorer;
import dev.valence.model.Score;
import dev.valence.model.SentimentModel;
import dev.valence.text.EncodedReview;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Scores a stream of reviews in blocks and writes them in the order they came. A block is cut into
 * one part a thread, so that short inputs use all threads too. At most two blocks are in memory, so
 * memory does not grow with the input.
 */
final class BlockScoring {
  /**
   * Reviews of a part. Sorted by length they leave a model that reads whole reviews 7 % of padding
   * under the default limits (IMDB's training half; 13 % with half as many, 4 % with twice as
   * many).
   */
  private static final int PART_REVIEWS = 1024;

  /** A block of huge reviews ends earlier. */
  private static final int BLOCK_CHARACTERS = 8_000_000;

  private final SentimentModel model;
  private final ReviewScorer scorer;
  private final int threads;

  /**
   * @param threads parts that are scored at the same time, positive
   */
  BlockScoring(SentimentModel model, int threads) {
    this.model = model;
    this.scorer = new ReviewScorer(model, model.batchPlanner());
    this.threads = threads;
  }

  /** One line of the output; the probabilities by label. */
  private record Scored(
      JsonNode id,
      String label,
      Map<String, Float> probabilities,
      int tokens,
      int unknownTokens,
      long modelVersion) {}

  /**
   * Scores all reviews; those before a bad line too.
   *
   * @throws CommandFailedException if a line cannot be read, scored or written
   */
  void score(ReviewLineReader reviews, JsonLinesWriter lines, ReviewProgress progress) {
    Deque<Future<List<Scored>>> running = new ArrayDeque<>();
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<ReviewLine> block = next(reviews, running, lines, progress);
      while (!block.isEmpty()) {
        for (List<ReviewLine> part : parts(block)) {
          running.add(pool.submit(() -> score(part)));
        }
        while (running.size() > threads) {
          write(running.remove(), lines, progress);
        }
        block = next(reviews, running, lines, progress);
      }
      writeAll(running, lines, progress);
    } finally {
      pool.shutdownNow();
    }
  }

  /** Equal parts, one a thread or fewer, in order. */
  private List<List<ReviewLine>> parts(List<ReviewLine> block) {
    int size = (block.size() + threads - 1) / threads;
    List<List<ReviewLine>> parts = new ArrayList<>();
    for (int start = 0; start < block.size(); start += size) {
      parts.add(block.subList(start, Math.min(block.size(), start + size)));
    }
    return parts;
  }

  private List<ReviewLine> next(
      ReviewLineReader reviews,
      Deque<Future<List<Scored>>> running,
      JsonLinesWriter lines,
      ReviewProgress progress) {
    try {
      return reviews.next(PART_REVIEWS * threads, BLOCK_CHARACTERS);
    } catch (CommandFailedException e) {
      writeAll(running, lines, progress);
      throw e;
    }
  }

  private static void writeAll(
      Deque<Future<List<Scored>>> running, JsonLinesWriter lines, ReviewProgress progress) {
    while (!running.isEmpty()) {
      write(running.remove(), lines, progress);
    }
  }

  private static void write(
      Future<List<Scored>> part, JsonLinesWriter lines, ReviewProgress progress) {
    try {
      List<Scored> scored = part.get();
      scored.forEach(lines::write);
      lines.flush();
      progress.add(scored.size());
    } catch (ExecutionException e) {
      throw new CommandFailedException("cannot score: " + e.getCause().getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailedException("interrupted before all reviews were scored", e);
    }
  }

  private List<Scored> score(List<ReviewLine> part) {
    List<EncodedReview> encoded =
        part.stream().map(review -> model.textPipeline().encode(review.text())).toList();
    List<Score> scores = scorer.score(encoded);
    List<Scored> scored = new ArrayList<>();
    for (int review = 0; review < part.size(); review++) {
      scored.add(scored(part.get(review).id(), scores.get(review)));
    }
    return scored;
  }

  private Scored scored(JsonNode id, Score score) {
    Map<String, Float> probabilities = new LinkedHashMap<>();
    for (int label = 0; label < score.probabilities().length; label++) {
      probabilities.put(model.labels().get(label), score.probabilities()[label]);
    }
    return new Scored(
        id,
        score.label(),
        probabilities,
        score.tokens(),
        score.unknownTokens(),
        model.manifest().version());
  }
}

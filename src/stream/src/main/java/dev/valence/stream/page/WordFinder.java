package dev.valence.stream.page;

import dev.valence.stream.page.Verdict.Judge;
import dev.valence.stream.page.Verdict.NotReadyException;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works out which words moved the scores of the reviews that are shown, the newest review first,
 * while somebody looks; what came before waits until somebody does. An explanation costs many
 * scores, so it rests after each, and takes a bounded share of one core from the stream.
 */
final class WordFinder implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(WordFinder.class);

  /** Rests that many times as long as it worked: a sixth of one core at most. */
  private static final int REST = 5;

  private static final int LOOK_AGAIN_MILLIS = 200;

  private record Task(ShownReview review, String text) {}

  private final Judge judge;
  private final BooleanSupplier wanted;
  private final Consumer<ShownReview> found;
  private final BlockingDeque<Task> waiting = new LinkedBlockingDeque<>(Feed.REMEMBERED);
  private final Thread thread = Feed.daemon("valence-page-words", this::work);

  /**
   * @param wanted whether anybody would see the words
   * @param found takes each review with its words
   */
  WordFinder(Judge judge, BooleanSupplier wanted, Consumer<ShownReview> found) {
    this.judge = judge;
    this.wanted = wanted;
    this.found = found;
  }

  void start() {
    thread.start();
  }

  /** Never waits; the oldest that waits makes room. */
  void offer(ShownReview review, String text) {
    Task task = new Task(review, text);
    while (!waiting.offerFirst(task)) {
      waiting.pollLast();
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void work() {
    try {
      while (true) {
        Task task = waiting.takeFirst();
        if (!wanted.getAsBoolean()) {
          offer(task.review(), task.text());
          TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
          continue;
        }
        long started = System.nanoTime();
        explain(task);
        TimeUnit.NANOSECONDS.sleep(REST * (System.nanoTime() - started));
      }
    } catch (InterruptedException e) {
      // Closed.
    }
  }

  private void explain(Task task) {
    try {
      Verdict verdict = judge.judge(task.text());
      boolean same =
          verdict.sentiment().getModelVersion() == task.review().modelVersion()
              && verdict.sentiment().getModelName().equals(task.review().modelName());
      if (same) {
        found.accept(task.review().with(verdict.contributions()));
      }
    } catch (NotReadyException e) {
      // The stream is going down.
    } catch (RuntimeException e) {
      LOG.warn("A review that is shown on the page cannot be explained: {}", e.toString());
    }
  }
}

package dev.valence.stream.page;

import dev.valence.stream.page.Samples.Sample;
import dev.valence.stream.page.ShownReview.Words;
import dev.valence.stream.page.Verdict.Judge;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * What viewers are told: each sampled review, its words when they are worked out, and the figures
 * once a second. One thread tells all of them; another works the words out, while somebody looks.
 */
final class Feed implements AutoCloseable {

  private static final long TICK_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Reviews that a new viewer sees at once. */
  static final int REMEMBERED = 24;

  /** Characters of a review whose words are worked out: several wait in memory. */
  private static final int LONGEST_EXPLAINED = 200_000;

  private final Samples samples;
  private final Figures figures;
  private final Supplier<String> state;
  private final Supplier<String> complaint;
  private final Broadcaster broadcaster;
  private final WordFinder finder;
  private final Deque<ShownReview> latest = new ArrayDeque<>();
  private final Thread teller = daemon("valence-page-events", this::tell);
  private ServerEvent latestFigures;
  private long number;

  Feed(
      Samples samples,
      Figures figures,
      Supplier<String> state,
      Supplier<String> complaint,
      Judge judge,
      Broadcaster broadcaster) {
    this.samples = samples;
    this.figures = figures;
    this.state = state;
    this.complaint = complaint;
    this.broadcaster = broadcaster;
    this.finder = new WordFinder(judge, () -> broadcaster.viewers() > 0, this::explained);
  }

  void start() {
    finder.start();
    teller.start();
  }

  /** What a new viewer must know: the latest reviews, oldest first, and the figures. */
  synchronized List<ServerEvent> greeting() {
    List<ServerEvent> events = new ArrayList<>();
    events.add(ServerEvent.of("reviews", List.copyOf(latest)));
    if (latestFigures != null) {
      events.add(latestFigures);
    }
    return events;
  }

  @Override
  public void close() {
    teller.interrupt();
    finder.close();
  }

  private void tell() {
    long next = System.nanoTime();
    try {
      while (true) {
        long wait = next - System.nanoTime();
        if (wait <= 0) {
          tellFigures();
          next = System.nanoTime() + TICK_NANOS;
          wait = TICK_NANOS;
        }
        Sample sample = samples.poll(TimeUnit.NANOSECONDS.toMillis(wait) + 1);
        if (sample != null) {
          tell(sample);
        }
      }
    } catch (InterruptedException e) {
      // Closed.
    }
  }

  private void tellFigures() {
    ServerEvent event =
        ServerEvent.of(
            "figures", figures.draw(state.get(), complaint.get(), broadcaster.viewers()));
    synchronized (this) {
      latestFigures = event;
    }
    broadcaster.send(event);
  }

  private void tell(Sample sample) {
    ShownReview shown;
    synchronized (this) {
      shown = ShownReview.of(++number, sample.review(), sample.sentiment());
      latest.addLast(shown);
      if (latest.size() > REMEMBERED) {
        latest.removeFirst();
      }
    }
    broadcaster.send(ServerEvent.of("reviews", List.of(shown)));
    String text = sample.review().getText();
    if (text.length() <= LONGEST_EXPLAINED) {
      finder.offer(shown, text);
    }
  }

  private void explained(ShownReview explained) {
    synchronized (this) {
      List<ShownReview> all = new ArrayList<>(latest);
      all.replaceAll(review -> review.number() == explained.number() ? explained : review);
      latest.clear();
      latest.addAll(all);
    }
    broadcaster.send(ServerEvent.of("words", new Words(explained.number(), explained.words())));
  }

  static Thread daemon(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }
}

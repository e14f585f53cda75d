package dev.valence.stream.page;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.valence.schema.Review;
import dev.valence.schema.ReviewSentiment;
import dev.valence.stream.page.PageFiles.PageFile;
import dev.valence.stream.page.Verdict.Judge;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The live page at {@code /}, its files and events below {@code /page/}. It has threads of its own,
 * so that whoever looks at it, however slowly, holds neither the stream nor the probes up.
 */
public final class LivePage implements HttpHandler, AutoCloseable {

  private static final int MAX_VIEWERS = 128;
  private static final int THREADS = 4;
  private static final int QUEUED = 64;
  private static final int IDLE_SECONDS = 30;
  private static final String SUBJECT = "subject=";

  @FunctionalInterface
  private interface Answering {
    Answer answer(HttpExchange exchange) throws IOException;
  }

  private final PageFiles files = new PageFiles();
  private final Tally tally = new Tally();
  private final Samples samples = new Samples();
  private final Broadcaster broadcaster = new Broadcaster(MAX_VIEWERS);
  private final ThreadPoolExecutor executor = executor();
  private final PageGuard guard;
  private final TrialRun trials;
  private final ModelDesk desk;
  private final Feed feed;

  private volatile Function<String, ?> trends;

  /**
   * @param registry figures are read from it
   * @param state says in a word what the stream does
   * @param complaint says what is not as it should be with the models, or nothing
   * @param judge scores what visitors type, and explains what is shown
   * @param names that browsers may ask for the page by, besides addresses and {@code localhost}
   * @param admin null if the page can change nothing
   */
  public LivePage(
      CollectorRegistry registry,
      Supplier<String> state,
      Supplier<String> complaint,
      Judge judge,
      List<String> names,
      Admin admin) {
    this.guard = new PageGuard(names, admin == null ? null : admin.token());
    this.trials = new TrialRun(judge);
    this.desk = admin == null ? null : new ModelDesk(guard, admin.orders());
    this.feed =
        new Feed(samples, new Figures(registry, tally), state, complaint, judge, broadcaster);
  }

  /**
   * Shows trends from now on.
   *
   * @param query gives those of the subjects that contain its argument, as an object for JSON; must
   *     not wait
   */
  public void showTrends(Function<String, ?> query) {
    trends = query;
  }

  /** Begins to send events. */
  public void start() {
    feed.start();
  }

  /**
   * A review was scored. Never waits; safe for use by many threads.
   *
   * @param sentiment what leaves
   */
  public void scored(Review review, ReviewSentiment sentiment) {
    tally.add(ShownReview.subject(review), sentiment, System.currentTimeMillis());
    samples.offer(review, sentiment);
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try {
      executor.execute(() -> answer(exchange));
    } catch (RejectedExecutionException e) {
      refuse(exchange);
    }
  }

  @Override
  public void close() {
    feed.close();
    broadcaster.close();
    executor.shutdownNow();
  }

  private void answer(HttpExchange exchange) {
    try {
      Answer.protect(exchange);
      String path = exchange.getRequestURI().getPath();
      if (!guard.isMeantForUs(exchange)) {
        Answer.problem(403, "This page does not answer to that name: see valence.page.names.")
            .send(exchange);
      } else if (path.equals("/page/events")) {
        follow(exchange);
      } else if (path.equals("/page/score")) {
        post(exchange, trials::answer);
      } else if (path.equals("/page/trends")) {
        tellTrends(exchange);
      } else if (path.equals("/page/model") && desk != null) {
        post(exchange, desk::answer);
      } else {
        show(exchange, files.at(path));
      }
    } catch (IOException | RuntimeException e) {
      exchange.close();
    }
  }

  private void follow(HttpExchange exchange) throws IOException {
    if (!exchange.getRequestMethod().equals("GET")) {
      Answer.problem(405, "Only GET.").send(exchange);
    } else if (!broadcaster.admit(exchange, this::greeting)) {
      refuse(exchange);
    }
  }

  private void refuse(HttpExchange exchange) throws IOException {
    String why =
        executor.isShutdown()
            ? "The processor is stopping."
            : "Too many look at the page. Try again in a moment.";
    Answer.problem(503, why).send(exchange);
  }

  /** A page that may change nothing is not told that others may. */
  private List<ServerEvent> greeting() {
    List<ServerEvent> events = new ArrayList<>(feed.greeting());
    if (desk != null) {
      events.add(ServerEvent.of("admin", true));
    }
    return events;
  }

  private void post(HttpExchange exchange, Answering answering) throws IOException {
    if (!exchange.getRequestMethod().equals("POST")) {
      Answer.problem(405, "Only POST.").send(exchange);
    } else if (!guard.isFromThePage(exchange)) {
      Answer.problem(403, "Only the page itself may ask, in JSON.").send(exchange);
    } else {
      answering.answer(exchange).send(exchange);
    }
  }

  /** With {@code ?subject=} those that contain it; null where none are counted. */
  private void tellTrends(HttpExchange exchange) throws IOException {
    Function<String, ?> query = trends;
    if (!exchange.getRequestMethod().equals("GET")) {
      Answer.problem(405, "Only GET.").send(exchange);
    } else if (query == null) {
      Answer.json(200, "null").send(exchange);
    } else {
      String asked = exchange.getRequestURI().getRawQuery();
      String subject =
          asked != null && asked.startsWith(SUBJECT)
              ? URLDecoder.decode(asked.substring(SUBJECT.length()), StandardCharsets.UTF_8)
              : "";
      Answer.json(200, ServerEvent.json(query.apply(subject))).send(exchange);
    }
  }

  private void show(HttpExchange exchange, Optional<PageFile> file) throws IOException {
    if (!exchange.getRequestMethod().matches("GET|HEAD")) {
      Answer.problem(405, "Only GET.").send(exchange);
    } else if (file.isEmpty()) {
      Answer.problem(404, "not found").send(exchange);
    } else {
      new Answer(200, file.get().type(), file.get().content()).send(exchange);
    }
  }

  private static ThreadPoolExecutor executor() {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(QUEUED),
            task -> {
              Thread thread = new Thread(task, "valence-page");
              thread.setDaemon(true);
              return thread;
            });
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }
}

package dev.valence.stream;

import dev.valence.model.BatchPlanner;
import dev.valence.model.ModelManifest;
import dev.valence.model.ModelRepository;
import dev.valence.model.RecentShapes;
import dev.valence.model.SentimentModel;
import dev.valence.stream.control.Assignment;
import dev.valence.stream.control.FleetControl;
import dev.valence.stream.format.ReviewFormat;
import dev.valence.stream.format.SentimentFormat;
import dev.valence.stream.page.Admin;
import dev.valence.stream.page.LivePage;
import dev.valence.stream.page.Verdict;
import dev.valence.stream.page.Verdict.NotReadyException;
import dev.valence.stream.trend.TrendMetrics;
import dev.valence.stream.trend.TrendScores;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.hotspot.DefaultExports;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KafkaStreams.State;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running processor: HTTP endpoints, topics, model and stream threads, from start to close.
 *
 * <pre>{@code
 * try (SentimentStream stream = SentimentStream.start(new ValenceConfig(properties))) {
 *   stream.awaitEnd();
 * }
 * }</pre>
 *
 * <p>Safe for use by many threads: a shutdown hook may close what another thread awaits.
 */
public final class SentimentStream implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SentimentStream.class);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration CONTROL_TIMEOUT = Duration.ofSeconds(10);
  private static final int REMEMBERED_BATCHES = 8;

  private final ValenceConfig config;
  private final BiFunction<SentimentModel, BatchPlanner, ServingModel> serving;
  private final RecentShapes shapes;
  private final CollectorRegistry registry = new CollectorRegistry();
  private final FailurePolicy failures = new FailurePolicy();
  private final ReviewFormat input;
  private final SentimentFormat output;
  private final CountDownLatch ready = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);

  private final StreamHealth health;
  private final LivePage page;

  private StatusServer http;
  private volatile ModelKeeper keeper;
  private ShadowScorer shadow;
  private ModelWatch watch;
  private volatile KafkaStreams streams;
  private volatile TrendStream trends;
  private boolean closed;

  private SentimentStream(
      ValenceConfig config,
      RecentShapes shapes,
      BiFunction<SentimentModel, BatchPlanner, ServingModel> serving) {
    this.config = config;
    this.input = config.inputFormat();
    this.output = config.outputFormat();
    this.shapes = shapes;
    this.serving = serving;
    this.health = new StreamHealth(() -> streams, config.kafka().threads());
    this.page =
        new LivePage(
            registry,
            () -> state().name(),
            this::complaint,
            this::judge,
            config.pageNames(),
            config.adminToken().map(token -> new Admin(token, this::tell)).orElse(null));
  }

  /**
   * Starts a processor and returns as soon as its threads run; {@link #isReady} tells when it has
   * its partitions.
   *
   * @param config where and how
   * @throws StreamStartException if the port is taken, no broker answers in time, a topic is
   *     missing and may not be created, or there is no sound model; nothing is left behind
   */
  public static SentimentStream start(ValenceConfig config) throws StreamStartException {
    RecentShapes shapes = new RecentShapes(REMEMBERED_BATCHES);
    return start(
        config,
        shapes,
        (model, planner) -> ServingModel.of(model, planner, shapes, config.explainRuns()));
  }

  /** The same with another way to put a loaded model to work. */
  static SentimentStream start(
      ValenceConfig config, BiFunction<SentimentModel, BatchPlanner, ServingModel> serving)
      throws StreamStartException {
    return start(config, new RecentShapes(1), serving);
  }

  private static SentimentStream start(
      ValenceConfig config,
      RecentShapes shapes,
      BiFunction<SentimentModel, BatchPlanner, ServingModel> serving)
      throws StreamStartException {
    SentimentStream stream = new SentimentStream(config, shapes, serving);
    try {
      stream.open();
      return stream;
    } catch (StreamStartException | RuntimeException | Error e) {
      // An Error, too: a library that cannot be loaded, with the page still answering.
      stream.close();
      throw e;
    }
  }

  /** Whether it scores: the stream runs with the model loaded. */
  public boolean isReady() {
    return state() == State.RUNNING;
  }

  /** State of the stream; {@link State#CREATED} until its threads run. */
  public State state() {
    return health.state();
  }

  /** The model that scores. */
  public ModelManifest model() {
    return keeper.serving();
  }

  /** Where {@code /metrics}, {@code /healthz} and {@code /readyz} are. */
  public InetSocketAddress httpAddress() {
    return http.address();
  }

  /**
   * Waits until the stream has its partitions for the first time.
   *
   * @param timeout how long to wait at most
   * @return whether {@link #isReady} was reached; false after the timeout, and if the stream ended
   * @throws InterruptedException if the waiting thread is interrupted
   */
  public boolean awaitReady(Duration timeout) throws InterruptedException {
    return ready.await(timeout.toNanos(), TimeUnit.NANOSECONDS) && ended.getCount() > 0;
  }

  /**
   * Waits until the stream has stopped, by {@link #close} or by itself.
   *
   * @throws StreamFailedException if it stopped by itself
   * @throws InterruptedException if the waiting thread is interrupted; the stream runs on
   */
  public void awaitEnd() throws InterruptedException, StreamFailedException {
    ended.await();
    Optional<StreamFailedException> failure = failures.failure();
    if (failure.isPresent()) {
      throw failure.get();
    }
  }

  /**
   * Scores and commits what has been read, leaves the group, so that others take over at once, and
   * releases everything. Closing twice does nothing more.
   */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    page.close();
    input.close();
    output.close();
    boolean stopped = streams == null || streams.close(config.kafka().closing(CLOSE_TIMEOUT));
    if (trends != null) {
      trends.close();
    }
    if (watch != null) {
      // Afterwards, since it may be loading a model, and others are to take over at once.
      watch.close();
    }
    if (!stopped) {
      LOG.warn(
          "The stream did not stop within {} s; its model stays open.", CLOSE_TIMEOUT.toSeconds());
    } else if (keeper != null) {
      shadow.close();
      keeper.close();
    }
    if (http != null) {
      http.close();
    }
    ended.countDown();
  }

  private void open() throws StreamStartException {
    DefaultExports.register(registry); // First, so that a start that fails is seen to be one.
    http =
        StatusServer.start(
            config.httpHost(),
            config.httpPort(),
            registry,
            health::health,
            health::readiness,
            this::complaint,
            config.showsPage() ? page : StatusServer::notFound);
    if (config.showsPage()) {
      page.start();
    }
    ModelRepository repository = repository();
    new Topics(config).prepare();
    BatchLimits limits = config.batchLimits();
    StreamMetrics metrics = new StreamMetrics(registry);
    ModelMetrics modelMetrics = new ModelMetrics(registry);
    ServingModelLoader loader =
        new ServingModelLoader(config, limits, shapes, serving, metrics, modelMetrics);
    keeper = new ModelKeeper(repository, loader::load, modelMetrics);
    shadow = new ShadowScorer(keeper, modelMetrics);
    watch = ModelWatch.of(config, keeper);
    Explanations explanations = new Explanations(config.explainWords(), metrics);
    BatchScorer scorer = new BatchScorer(keeper, shadow, explanations, metrics, modelMetrics);
    try {
      streams = createStreams(limits, loader.budget(), scorer, metrics);
      streams.start();
      watch.start();
      if (config.countsTrends()) {
        startTrends();
      }
    } catch (KafkaException e) {
      throw StreamStartException.because("Kafka Streams cannot start", e);
    }
    LOG.info(
        "Model {} version {} scores {} into {}; status at http:/{}.",
        model().modelName(),
        model().version(),
        config.reviewsTopic(),
        config.sentimentsTopic(),
        httpAddress());
  }

  /** Names the mistakes that need no broker to be seen. */
  private ModelRepository repository() throws StreamStartException {
    Path repository = config.modelRepository();
    ModelRepository models = new ModelRepository(repository);
    try {
      if (models.versions().isEmpty()) {
        throw new StreamStartException(
            "no model in %s. Publish one there, or set %s."
                .formatted(repository, ScoringKeys.MODEL_REPOSITORY_CONFIG));
      }
      OptionalLong pinned = config.modelVersion();
      if (pinned.isPresent() && !models.versions().contains(pinned.getAsLong())) {
        throw new StreamStartException(
            "no model version %d in %s, which has %s. Set %s to one of them, or to latest."
                .formatted(
                    pinned.getAsLong(),
                    repository,
                    models.versions(),
                    ScoringKeys.MODEL_VERSION_CONFIG));
      }
      return models;
    } catch (UncheckedIOException e) {
      throw new StreamStartException(e.getMessage(), e);
    }
  }

  private KafkaStreams createStreams(
      BatchLimits limits, WorkBudget budget, BatchScorer scorer, StreamMetrics metrics)
      throws StreamStartException {
    budget.requireRoom();
    BufferRoom room = new BufferRoom(limits, budget, metrics::bufferChanged);
    ThreadLocal<ThreadWork> work =
        ThreadLocal.withInitial(
            () ->
                new ThreadWork(
                    keeper,
                    scorer,
                    room,
                    new TransactionWatch(config.kafka().timeLimit()),
                    new EarlyCommits(config.kafka().exactlyOnce()),
                    metrics,
                    Clock.systemUTC()));
    KafkaStreams created =
        new KafkaStreams(
            SentimentTopology.build(
                config,
                () ->
                    new ScoringProcessor(
                        input,
                        output,
                        work::get,
                        limits.maxDelayMillis(),
                        metrics,
                        Clock.systemUTC(),
                        config.showsPage() ? page::scored : (review, sentiment) -> {},
                        config.countsTrends() ? Optional.of(new TrendScores()) : Optional.empty())),
            config.kafka().streamsPolling(budget.maxPollRecords(config.kafka().maxPollRecords())),
            new LeavingClients(!config.kafka().hasStaticMembers()));
    created.setUncaughtExceptionHandler(failures);
    created.setStateListener(
        (now, before) -> {
          LOG.info("The stream went from {} to {}.", before, now);
          if (now == State.RUNNING) {
            ready.countDown();
          }
          if (now.hasCompletedShutdown()) {
            ended.countDown();
            ready.countDown();
          }
        });
    registry.register(new KafkaMetrics(() -> kafkaMetrics(created)));
    return created;
  }

  private Map<MetricName, Metric> kafkaMetrics(KafkaStreams created) {
    Map<MetricName, Metric> all = new HashMap<>(created.metrics());
    if (trends != null) {
      all.putAll(trends.metrics());
    }
    return all;
  }

  /** What a person can do without: reviews are scored whether they are counted or not. */
  private void startTrends() {
    trends = new TrendStream(config, new TrendMetrics(registry));
    if (config.showsPage()) {
      page.showTrends(trends.board()::view);
    }
  }

  private Verdict judge(String text) throws NotReadyException {
    try (BatchModels models = lease()) {
      return models.serving().judge(text);
    }
  }

  private BatchModels lease() throws NotReadyException {
    ModelKeeper held = keeper;
    if (held == null) {
      throw new NotReadyException();
    }
    try {
      return held.lease();
    } catch (IllegalStateException e) {
      throw new NotReadyException();
    }
  }

  /** Tells all processors of this application, this one among them. */
  private Assignment tell(UnaryOperator<Assignment> change) throws InterruptedException {
    FleetControl control =
        new FleetControl(
            config.kafka().reader("orders"),
            config.kafka().producer(),
            config.controlTopic().orElseThrow(),
            config.kafka().applicationId(),
            CONTROL_TIMEOUT);
    Assignment next = change.apply(control.told());
    control.tell(next);
    return next;
  }

  private String complaint() {
    ModelKeeper held = keeper;
    return held == null ? "" : held.complaint();
  }
}

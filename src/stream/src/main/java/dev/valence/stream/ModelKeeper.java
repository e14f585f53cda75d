package dev.valence.stream;

import static java.util.stream.Collectors.toSet;

import dev.valence.model.InvalidModelException;
import dev.valence.model.Leased;
import dev.valence.model.Leased.Lease;
import dev.valence.model.ModelManifest;
import dev.valence.model.ModelRepository;
import dev.valence.stream.Lineup.Trial;
import dev.valence.stream.control.Assignment;
import dev.valence.stream.control.Candidate;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the model versions that score and replaces them beneath the batches: new batches lease the
 * new version, batches in flight keep the old one, and a version is closed when it is not wanted
 * and its last lease has come back. What cannot be loaded is refused, and the old version serves
 * on. One thread calls {@link #start}, {@link #follow} and {@link #close}; many lease.
 */
final class ModelKeeper implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ModelKeeper.class);

  private final ModelRepository repository;
  private final Function<Path, Leased<ServingModel>> loader;
  private final ModelMetrics metrics;
  private final Refusals refusals;

  private volatile Lineup lineup;
  private volatile ModelManifest manifest;
  private volatile String complaint = "";

  /**
   * Holds nothing yet.
   *
   * @param repository where the versions are
   * @param loader loads and verifies a version, or throws {@link InvalidModelException}
   */
  ModelKeeper(
      ModelRepository repository,
      Function<Path, Leased<ServingModel>> loader,
      ModelMetrics metrics) {
    this.repository = repository;
    this.loader = loader;
    this.metrics = metrics;
    this.refusals = new Refusals(metrics);
  }

  /**
   * Loads the version that serves first. If it is refused, one that served before it does, or the
   * latest of the others, that on trial last of all: an instance that starts again does what the
   * others do, which serve on with what they had.
   *
   * @throws StreamStartException if there is none
   */
  void start(Assignment wanted) throws StreamStartException {
    List<Long> choices = new ArrayList<>();
    if (wanted.version() != null) {
      choices.add(wanted.version());
      choices.addAll(wanted.previous());
    }
    choices.addAll(latestFirst());
    List<Long> distinct = new ArrayList<>(choices.stream().distinct().toList());
    Candidate candidate = wanted.candidate();
    if (candidate != null && distinct.remove(candidate.version())) {
      distinct.add(candidate.version());
    }
    start(wanted, distinct);
  }

  /**
   * Loads the version that this instance is to serve, and no other.
   *
   * @param fixed names it
   * @throws StreamStartException if it is refused
   */
  void pin(Assignment fixed) throws StreamStartException {
    start(fixed, List.of(fixed.version()));
  }

  private void start(Assignment wanted, List<Long> choices) throws StreamStartException {
    for (long version : choices) {
      Optional<Leased<ServingModel>> model = obtain(version);
      if (model.isPresent()) {
        install(new Lineup(model.get(), null));
        follow(wanted, () -> wanted);
        return;
      }
    }
    throw new StreamStartException(refusals.reason(choices.get(0)));
  }

  /**
   * Makes the versions score that are wanted, as far as they can. Takes as long as loading takes.
   *
   * @param news what is wanted once a version is loaded, which may not be that version any more
   */
  void follow(Assignment wanted, Supplier<Assignment> news) {
    List<String> complaints = new ArrayList<>();
    try {
      long version = versionOf(wanted);
      refusals.forgetAllBut(version, wanted.candidate());
      boolean loads = held(version).isEmpty();
      Optional<Leased<ServingModel>> model = obtain(version);
      Assignment wantedNow = loads && model.isPresent() ? news.get() : wanted;
      if (versionOf(wantedNow) != version) {
        model.ifPresent(this::retireIfIdle);
        follow(wantedNow, news);
        return;
      }
      model.ifPresent(loaded -> serve(version, loaded));
      Assignment wantedLast = tryOut(wantedNow, news);
      if (!wantedLast.equals(wantedNow)) {
        follow(wantedLast, news);
        return;
      }
      complaints.addAll(refusals.complaints(manifest.version()));
    } catch (RuntimeException e) {
      LOG.warn("Models stay as they are: {}", e.toString());
      complaints.add("the model repository cannot be followed: " + e.getMessage());
    }
    complaint = String.join("\n", complaints);
  }

  /** Leases the models for a batch. */
  BatchModels lease() {
    while (true) {
      Lineup now = lineup;
      if (now == null) {
        throw new IllegalStateException("the models are closed");
      }
      Optional<BatchModels> models = BatchModels.of(now);
      if (models.isPresent()) {
        return models.get();
      }
    }
  }

  /** Leases the version on trial if it still is the one of that number. */
  Optional<Lease<ServingModel>> leaseTrial(long version) {
    Lineup now = lineup;
    return now == null || now.trial() == null
        ? Optional.empty()
        : now.trial()
            .model()
            .lease()
            .filter(lease -> keep(lease, lease.value().manifest().version() == version));
  }

  /** Ends the trial of a version that fails on everything, until its files change. */
  void giveUp(long version, RuntimeException failure) {
    if (refusals.addNew(version, repository.mark(version), failure.getMessage())) {
      LOG.warn("Model version {} is withdrawn from its trial: {}", version, failure.getMessage());
      complaint = String.join("\n", refusals.complaints(manifest.version()));
    }
    endTrial(version);
  }

  /** What is not as it was wanted, a line each; empty if nothing. */
  String complaint() {
    return complaint;
  }

  /** What the version that serves says about itself. */
  ModelManifest serving() {
    return manifest;
  }

  /** Gives all models up; each closes when its last lease comes back. */
  @Override
  public synchronized void close() {
    Lineup last = lineup;
    lineup = null;
    if (last != null) {
      models(last).forEach(Leased::retire);
    }
  }

  /** The version that is to serve. One on trial does not serve because it is the latest. */
  private long versionOf(Assignment wanted) {
    if (wanted.version() != null) {
      return wanted.version();
    }
    Candidate candidate = wanted.candidate();
    return repository.versions().stream()
        .filter(version -> candidate == null || candidate.version() != version)
        .max(Comparator.naturalOrder())
        .orElse(manifest.version());
  }

  private List<Long> latestFirst() throws StreamStartException {
    try {
      return repository.versions().stream().sorted(Comparator.reverseOrder()).toList();
    } catch (UncheckedIOException e) {
      throw new StreamStartException(e.getMessage(), e);
    }
  }

  /** A version that scores already, or that was loaded; empty if it is refused. */
  private Optional<Leased<ServingModel>> obtain(long version) {
    Optional<Leased<ServingModel>> held = held(version);
    String mark = repository.mark(version);
    if (held.isPresent() || refusals.has(version, mark)) {
      return held;
    }
    try {
      requireHeld(version);
      long start = System.nanoTime();
      Leased<ServingModel> loaded = loader.apply(repository.directory(version));
      metrics.opened(System.nanoTime() - start);
      refusals.forget(version);
      return Optional.of(loaded);
    } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
      String reason = Objects.requireNonNullElse(e.getMessage(), e.toString());
      if (refusals.add(version, isPassing(e, version, mark) ? Refusals.PASSING : mark, reason)) {
        LOG.warn("Model version {} is refused: {}", version, reason);
      }
      return Optional.empty();
    }
  }

  /** What could not be read, or not to its end, may be readable the next time. */
  private boolean isPassing(Throwable thrown, long version, String mark) {
    return thrown instanceof InvalidModelException invalid && invalid.isPassing()
        || !repository.mark(version).equals(mark);
  }

  private void requireHeld(long version) {
    if (!Files.isDirectory(repository.directory(version))) {
      throw new InvalidModelException(
          "there is no %s, only versions %s. Publish it there."
              .formatted(repository.directory(version), repository.versions()));
    }
  }

  private Optional<Leased<ServingModel>> held(long version) {
    Lineup now = lineup;
    return now == null
        ? Optional.empty()
        : models(now).filter(model -> manifestOf(model).version() == version).findFirst();
  }

  /** A version on trial may have been given up while this was under way. */
  private synchronized void serve(long version, Leased<ServingModel> model) {
    if (!refusals.has(version)) {
      Trial trial = lineup.trial();
      install(new Lineup(model, trial != null && trial.model() == model ? null : trial));
    } else {
      retireIfIdle(model);
    }
  }

  /** Returns what is wanted once the version on trial is loaded. */
  private Assignment tryOut(Assignment wanted, Supplier<Assignment> news) {
    Candidate candidate = wanted.candidate();
    boolean tries = candidate != null && candidate.version() != manifest.version();
    boolean loads = tries && held(candidate.version()).isEmpty();
    Optional<Leased<ServingModel>> model = tries ? obtain(candidate.version()) : Optional.empty();
    Assignment wantedNow = loads && model.isPresent() ? news.get() : wanted;
    synchronized (this) {
      boolean sound =
          model.isPresent()
              && candidate.equals(wantedNow.candidate())
              && !refusals.has(candidate.version());
      Trial trial = sound ? new Trial(model.get(), candidate.percent()) : null;
      install(new Lineup(lineup.serving(), trial));
      if (!sound) {
        model.ifPresent(this::retireIfIdle);
      }
    }
    return wantedNow;
  }

  private void retireIfIdle(Leased<ServingModel> model) {
    if (models(lineup).noneMatch(model::equals)) {
      model.retire();
    }
  }

  private synchronized void endTrial(long version) {
    Lineup now = lineup;
    if (now != null
        && now.trial() != null
        && manifestOf(now.trial().model()).version() == version) {
      install(new Lineup(now.serving(), null));
    }
  }

  private synchronized void install(Lineup next) {
    Lineup before = lineup;
    lineup = next;
    show(before, next);
    if (before != null) {
      Set<Leased<ServingModel>> used = models(next).collect(toSet());
      models(before).filter(model -> !used.contains(model)).forEach(Leased::retire);
    }
  }

  private static Stream<Leased<ServingModel>> models(Lineup lineup) {
    return lineup.trial() == null
        ? Stream.of(lineup.serving())
        : Stream.of(lineup.serving(), lineup.trial().model());
  }

  private void show(Lineup before, Lineup now) {
    if (before == null || before.serving() != now.serving()) {
      ModelManifest old = manifest;
      manifest = manifestOf(now.serving());
      metrics.serves(manifest);
      if (old != null) {
        metrics.swapped();
        LOG.info("Model version {} serves, after version {}.", manifest.version(), old.version());
      }
    }
    if (before == null || Objects.equals(before.trial(), now.trial())) {
      return;
    }
    if (now.trial() == null) {
      metrics.triesNothing();
      LOG.info("No model is on trial.");
    } else {
      ModelManifest tried = manifestOf(now.trial().model());
      metrics.tries(tried, now.trial().percent());
      LOG.info(
          "Model version {} is on trial, on {} % of the keys.",
          tried.version(), now.trial().percent() == null ? 0 : now.trial().percent());
    }
  }

  private static ModelManifest manifestOf(Leased<ServingModel> model) {
    try (Lease<ServingModel> lease = model.lease().orElseThrow()) {
      return lease.value().manifest();
    }
  }

  private static boolean keep(Lease<ServingModel> lease, boolean wanted) {
    if (!wanted) {
      lease.close();
    }
    return wanted;
  }
}

package dev.valence.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.valence.model.BatchPlanner;
import dev.valence.model.BrokenModel;
import dev.valence.model.Leased;
import dev.valence.model.ModelRepository;
import dev.valence.model.SentimentModel;
import dev.valence.model.TinyModel;
import dev.valence.stream.control.Assignment;
import dev.valence.stream.control.Candidate;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ModelKeeperTest {

  private static final Assignment ONE = new Assignment(1L, null, List.of());

  @TempDir static Path sound;
  @TempDir Path repository;

  private final CollectorRegistry registry = new CollectorRegistry();
  private ModelKeeper keeper;

  @BeforeAll
  static void writeModels() {
    for (long version = 1; version <= 3; version++) {
      TinyModel.write(sound.resolve(Long.toString(version)), TinyModel.draft(version, 0));
    }
  }

  @BeforeEach
  void prepare() throws IOException {
    publish(1);
    ModelMetrics metrics = new ModelMetrics(registry);
    keeper =
        new ModelKeeper(
            new ModelRepository(repository),
            directory -> {
              SentimentModel model = SentimentModel.load(directory);
              return new Leased<>(
                  ServingModels.of(model, new BatchPlanner()),
                  () -> {
                    model.close();
                    metrics.closed();
                  });
            },
            metrics);
  }

  @AfterEach
  void close() {
    keeper.close();
    assertThat(metric("valence_models_open")).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void servesOnWhileABrokenModelIsRefused(BrokenModel kind) throws Exception {
    keeper.start(ONE);
    kind.copy(sound.resolve("2"), repository.resolve("2"));

    follow(ONE.activate(2L));

    assertServes(1);
    assertThat(keeper.complaint())
        .startsWith("model version 2 is refused, version 1 serves: ")
        .contains(kind.reason());
    assertThat(metric("valence_model_refusals_total")).isEqualTo(1);
    assertThat(metric("valence_model_refused", "version", "2")).isEqualTo(1);
    assertThat(metric("valence_models_open")).isEqualTo(1);
  }

  @Test
  void letsABatchFinishOnTheVersionThatItBeganWith() throws Exception {
    publish(2);
    keeper.start(ONE);

    try (BatchModels batch = keeper.lease()) {
      follow(ONE.activate(2L));

      assertThat(score(batch.serving())).isEqualTo("positive");
      assertThat(batch.serving().manifest().version()).isEqualTo(1);
      assertThat(metric("valence_models_open")).isEqualTo(2);
      assertServes(2);
    }
    assertThat(metric("valence_models_open")).isEqualTo(1);
    assertThat(metric("valence_model_swaps_total")).isEqualTo(1);
    assertThat(keeper.complaint()).isEmpty();
  }

  @Test
  void followsTheLatestVersionOfTheRepository() throws Exception {
    keeper.start(Assignment.LATEST);
    assertServes(1);

    publish(3);
    follow(Assignment.LATEST);

    assertServes(3);
  }

  @Test
  void triesARefusedVersionAgainWhenItsFilesChange() throws Exception {
    keeper.start(ONE);
    follow(ONE.activate(2L));
    follow(ONE.activate(2L));
    assertThat(keeper.complaint())
        .isEqualTo(
            "model version 2 is refused, version 1 serves: there is no %s, only versions [1]. Publish it there."
                .formatted(repository.resolve("2")));
    assertThat(metric("valence_model_refusals_total")).isEqualTo(1);

    publish(2);
    follow(ONE.activate(2L));

    assertServes(2);
    assertThat(keeper.complaint()).isEmpty();
    assertThat(metric("valence_model_refused", "version", "2")).isNull();
  }

  /** As root everything is readable. */
  @Test
  void triesAVersionAgainThatItMayRead() throws Exception {
    keeper.start(ONE);
    publish(2);
    Path graph = repository.resolve("2/saved_model.pb");
    Files.setPosixFilePermissions(graph, Set.of());
    assumeFalse(Files.isReadable(graph), "skipped: whoever runs this may read everything");
    follow(ONE.activate(2L));
    assertThat(keeper.complaint()).contains("version 2 is refused, version 1 serves");

    Files.setPosixFilePermissions(graph, Set.of(PosixFilePermission.OWNER_READ));
    follow(ONE.activate(2L));

    assertServes(2);
  }

  @Test
  void startsWithWhatTheOthersServeOnWith() throws Exception {
    BrokenModel.FLIPPED_BYTE.copy(sound.resolve("2"), repository.resolve("2"));

    keeper.start(ONE.activate(2L));

    assertServes(1);
    assertThat(keeper.complaint()).contains("version 2 is refused, version 1 serves");
  }

  @Test
  void startsWithTheLatestWhereTheFirstThatWasNamedIsRefused() throws Exception {
    publish(2);
    BrokenModel.FLIPPED_BYTE.copy(sound.resolve("3"), repository.resolve("3"));

    keeper.start(Assignment.LATEST.activate(3L));

    assertServes(2);
    assertThat(keeper.complaint()).contains("version 3 is refused, version 2 serves");
  }

  @Test
  void startsWithTheLatestWhereAllBeforeItHaveServed() throws Exception {
    publish(2);

    keeper.start(ONE.activate(null));

    assertServes(2);
    assertThat(metric("valence_model_load_seconds_count")).isEqualTo(1);
  }

  @Test
  void startsWithNoOtherThanTheVersionThatItIsPinnedTo() throws Exception {
    BrokenModel.FLIPPED_BYTE.copy(sound.resolve("2"), repository.resolve("2"));

    assertThatThrownBy(() -> keeper.pin(Assignment.LATEST.activate(2L)))
        .isInstanceOf(StreamStartException.class)
        .hasMessageContaining("has the SHA-256 ");
  }

  @Test
  void doesNotServeWhatIsNotWantedAnyMoreOnceItIsLoaded() throws Exception {
    keeper.start(ONE);
    publish(2);

    keeper.follow(ONE.activate(2L), () -> ONE);

    assertServes(1);
    assertThat(metric("valence_models_open")).isEqualTo(1);
    assertThat(metric("valence_model_load_seconds_count")).isEqualTo(2);
    assertThat(metric("valence_model_swaps_total")).isZero();
  }

  @Test
  void doesNotStartWithoutAnyModel() throws Exception {
    deleteTree(repository.resolve("1"));
    BrokenModel.FLIPPED_BYTE.copy(sound.resolve("2"), repository.resolve("2"));

    assertThatThrownBy(() -> keeper.start(ONE.activate(2L)))
        .isInstanceOf(StreamStartException.class)
        .hasMessageContaining("has the SHA-256 ");
  }

  @Test
  void promotesAVersionOnTrialAsItIs() throws Exception {
    publish(2);
    keeper.start(ONE);
    Assignment trial = ONE.tryOut(Candidate.canary(2, 10));
    follow(trial);
    assertThat(metric("valence_models_open")).isEqualTo(2);
    assertThat(metric("valence_model_load_seconds_count")).isEqualTo(2);
    deleteTree(repository.resolve("2"));

    follow(trial.promote());

    assertServes(2);
    assertThat(metric("valence_models_open")).isEqualTo(1);
    assertThat(metric("valence_model_load_seconds_count")).isEqualTo(2);
  }

  @Test
  void withdrawsAVersionFromItsTrial() throws Exception {
    publish(2);
    keeper.start(ONE.tryOut(Candidate.shadow(2)));
    try (BatchModels batch = keeper.lease()) {
      assertThat(batch.isShadowed()).isTrue();
      assertThat(keeper.leaseTrial(3)).isEmpty();
    }

    follow(ONE);

    try (BatchModels batch = keeper.lease()) {
      assertThat(batch.trial()).isEmpty();
    }
    assertThat(keeper.leaseTrial(2)).isEmpty();
    assertThat(metric("valence_models_open")).isEqualTo(1);
  }

  @Test
  void doesNotServeAVersionOnTrialBecauseItIsTheLatest() throws Exception {
    Assignment trial = Assignment.LATEST.tryOut(Candidate.canary(2, 10));
    keeper.start(trial);
    publish(2);

    follow(trial);

    assertServes(1);
    assertOnTrial(2);

    keeper.close();
    keeper.start(trial);
    assertServes(1);
    assertOnTrial(2);

    publish(3);
    follow(trial);
    assertServes(3);
    assertOnTrial(2);
  }

  @Test
  void servesAVersionOnTrialWhereThereIsNoOther() throws Exception {
    keeper.start(Assignment.LATEST.tryOut(Candidate.shadow(1)));

    assertServes(1);
  }

  @Test
  void triesNothingOutThatIsWithdrawnWhileItIsLoaded() throws Exception {
    publish(2);
    keeper.start(ONE);

    keeper.follow(ONE.tryOut(Candidate.canary(2, 10)), () -> ONE);

    try (BatchModels batch = keeper.lease()) {
      assertThat(batch.trial()).isEmpty();
    }
    assertThat(metric("valence_models_open")).isEqualTo(1);
  }

  @Test
  void keepsALoadedVersionWhereOnlyTheTrialHasChangedMeanwhile() throws Exception {
    publish(2);
    publish(3);
    keeper.start(ONE);
    Assignment changed = ONE.activate(2L).tryOut(Candidate.shadow(3));

    keeper.follow(ONE.activate(2L), () -> changed);

    assertServes(2);
    assertOnTrial(3);
    assertThat(metric("valence_model_load_seconds_count")).isEqualTo(3);
  }

  @Test
  void givesAVersionUpThatFailsOnTrial() throws Exception {
    publish(2);
    Assignment trial = ONE.tryOut(Candidate.canary(2, 50));
    keeper.start(trial);

    keeper.giveUp(2, new IllegalStateException("choked"));
    keeper.giveUp(2, new IllegalStateException("choked"));
    follow(trial);
    follow(trial.promote());

    assertServes(1);
    assertThat(keeper.complaint())
        .isEqualTo("model version 2 is refused, version 1 serves: choked");
    assertThat(metric("valence_models_open")).isEqualTo(1);
  }

  @Test
  void leasesNothingOnceItIsClosed() throws Exception {
    keeper.start(ONE);
    keeper.close();

    assertThatThrownBy(keeper::lease).isInstanceOf(IllegalStateException.class);
  }

  private void follow(Assignment wanted) {
    keeper.follow(wanted, () -> wanted);
  }

  private void assertOnTrial(long version) {
    assertThat(keeper.leaseTrial(version)).hasValueSatisfying(lease -> lease.close());
  }

  private void assertServes(long version) {
    assertThat(keeper.serving().version()).isEqualTo(version);
    assertThat(
            registry.getSampleValue(
                "valence_model_info",
                new String[] {"name", "version"},
                new String[] {"tiny", Long.toString(version)}))
        .isEqualTo(1);
    try (BatchModels batch = keeper.lease()) {
      assertThat(batch.serving().manifest().version()).isEqualTo(version);
      assertThat(score(batch.serving())).isEqualTo("positive");
    }
  }

  private static String score(ServingModel model) {
    return model
        .scorer()
        .score(List.of(model.pipeline().encode("A great film.")))
        .get(0)
        .score()
        .label();
  }

  private Double metric(String name) {
    return registry.getSampleValue(name);
  }

  private Double metric(String name, String label, String value) {
    return registry.getSampleValue(name, new String[] {label}, new String[] {value});
  }

  private void publish(long version) throws IOException {
    Path from = sound.resolve(Long.toString(version));
    try (Stream<Path> tree = Files.walk(from)) {
      for (Path path : (Iterable<Path>) tree::iterator) {
        Files.copy(path, repository.resolve(sound.relativize(path).toString()));
      }
    }
  }

  private static void deleteTree(Path directory) throws IOException {
    try (Stream<Path> tree = Files.walk(directory)) {
      for (Path path : (Iterable<Path>) tree.sorted(Comparator.reverseOrder())::iterator) {
        Files.delete(path);
      }
    }
  }
}

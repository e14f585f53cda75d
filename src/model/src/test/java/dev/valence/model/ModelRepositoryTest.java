package dev.valence.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelRepositoryTest {

  @TempDir static Path models;
  @TempDir Path temporary;

  private static Path tiny;

  @BeforeAll
  static void writeAModel() {
    tiny = models.resolve("tiny");
    TinyModel.write(tiny);
  }

  @Test
  void publishesUnderTheNextVersion() throws IOException {
    ModelRepository repository = new ModelRepository(temporary.resolve("new/repository"));

    long first = repository.publish(tiny);
    long second = repository.publish(repository.directory(first));

    assertThat(List.of(first, second)).containsExactly(1L, 2L);
    assertThat(repository.versions()).containsExactly(1L, 2L);
    try (SentimentModel model = SentimentModel.load(repository.directory(2))) {
      assertThat(model.manifest().version()).isEqualTo(2);
    }
    assertThat(ManifestFile.read(tiny).version()).isEqualTo(1);
  }

  @Test
  void comparesVersionsAsNumbers() throws IOException {
    ModelRepository repository = new ModelRepository(temporary);
    for (String version : List.of("9", "10", "1")) {
      TinyModel.write(temporary.resolve(version), TinyModel.draft(Long.parseLong(version), 0));
    }

    assertThat(repository.versions()).containsExactly(1L, 9L, 10L);
    assertThat(repository.latest()).contains(10L);
    assertThat(repository.directory(10)).isEqualTo(temporary.resolve("10"));
  }

  @Test
  void seesOnlyWholeVersions() throws IOException {
    Files.createDirectories(temporary.resolve("3/variables"));
    for (String other : List.of("0", "-1", "01", "v2", ".publishing-7", "99999999999999999999")) {
      Path directory = Files.createDirectory(temporary.resolve(other));
      Files.copy(tiny.resolve("manifest.json"), directory.resolve("manifest.json"));
    }
    Files.writeString(temporary.resolve("4"), "a file");

    ModelRepository repository = new ModelRepository(temporary);

    assertThat(repository.versions()).isEmpty();
    assertThat(repository.latest()).isEmpty();
  }

  @Test
  void neverTakesANumberThatIsInUse() throws IOException {
    Files.createDirectories(temporary.resolve("3/variables"));
    Files.writeString(temporary.resolve("4"), "a file");

    assertThat(new ModelRepository(temporary).publish(tiny)).isEqualTo(5);
  }

  @Test
  void hasNoVersionsBeforeItExists() {
    assertThat(new ModelRepository(temporary.resolve("absent")).versions()).isEmpty();
  }

  @Test
  void givesEachOfManyPublishersAVersionOfItsOwn() throws Exception {
    Path root = temporary.resolve("repository");
    ExecutorService publishers = Executors.newFixedThreadPool(4);
    try {
      List<Future<Long>> published = new ArrayList<>();
      for (int publisher = 0; publisher < 12; publisher++) {
        published.add(publishers.submit(() -> new ModelRepository(root).publish(tiny)));
      }
      List<Long> versions = new ArrayList<>();
      for (Future<Long> version : published) {
        versions.add(version.get());
      }
      assertThat(versions)
          .containsExactlyInAnyOrderElementsOf(LongStream.rangeClosed(1, 12).boxed().toList());
    } finally {
      publishers.shutdownNow();
    }
    for (long version : new ModelRepository(root).versions()) {
      assertThat(ManifestFile.read(root.resolve(Long.toString(version))).version())
          .isEqualTo(version);
    }
  }

  @Test
  void publishesNothingThatCannotServe() throws IOException {
    Path damaged = temporary.resolve("damaged");
    TinyModel.write(damaged);
    Files.writeString(damaged.resolve("assets.extra/golden.jsonl"), "");
    ManifestFile.write(damaged, ManifestFile.read(damaged).withFiles(ModelFiles.measure(damaged)));
    Path root = temporary.resolve("repository");

    assertThatThrownBy(() -> new ModelRepository(root).publish(damaged))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageStartingWith(damaged.toString());

    assertThat(root).doesNotExist();
  }

  @Test
  void publishesAModelWhoseDirectoryHasAnotherNumber() throws IOException {
    Path renamed = temporary.resolve("77");
    TinyModel.write(temporary.resolve("1"));
    Files.move(temporary.resolve("1"), renamed);

    assertThat(new ModelRepository(temporary.resolve("repository")).publish(renamed)).isEqualTo(1);
  }

  @Test
  void saysThatItCannotBeWritten() throws IOException {
    Path file = Files.writeString(temporary.resolve("file"), "in the way");

    assertThatThrownBy(() -> new ModelRepository(file.resolve("repository")).publish(tiny))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageStartingWith(
            "cannot publish " + tiny + " into " + file.resolve("repository") + ": ")
        .hasMessageEndingWith(
            "Make sure that the repository can be written and has room, then publish again.");
  }

  @Test
  void saysThatItCannotBeRead() throws IOException {
    Path file = Files.writeString(temporary.resolve("file"), "not a directory");

    assertThatThrownBy(() -> new ModelRepository(file).versions())
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageStartingWith("cannot read the model repository " + file);
  }

  @Test
  void letsOthersReadWhatItPublishes() throws IOException {
    ModelRepository repository = new ModelRepository(temporary.resolve("repository"));

    Path closed = temporary.resolve("closed");
    TinyModel.write(closed);
    Path graph = Path.of("saved_model.pb");
    Files.setPosixFilePermissions(
        closed.resolve(graph), PosixFilePermissions.fromString("rw-------"));

    repository.publish(closed);

    assertThat(Files.getPosixFilePermissions(repository.directory(1)))
        .isEqualTo(
            Files.getPosixFilePermissions(Files.createDirectory(temporary.resolve("ordinary"))));
    assertThat(Files.getPosixFilePermissions(repository.directory(1).resolve(graph)))
        .isEqualTo(Files.getPosixFilePermissions(Files.createFile(temporary.resolve("file"))));
  }

  @Test
  void removesWhatSomebodyWhoWasKilledLeftADayAgo() throws IOException {
    ModelRepository repository = new ModelRepository(temporary.resolve("repository"));
    Path old = Files.createDirectories(temporary.resolve("repository/.publishing-old"));
    Path underway = Files.createDirectories(temporary.resolve("repository/.publishing-now"));
    Files.createFile(old.resolve("half"));
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofHours(25))));

    repository.publish(tiny);

    assertThat(old).doesNotExist();
    assertThat(underway).exists();
  }

  @Test
  void seesVersionsUpToTheLargestNumberAndSaysThatThereIsNoneBehind() throws IOException {
    ModelRepository repository = new ModelRepository(temporary.resolve("repository"));
    repository.publish(tiny);
    Files.move(repository.directory(1), repository.directory(Long.MAX_VALUE));
    Files.createDirectories(temporary.resolve("repository/9223372036854775808"));

    assertThat(repository.versions()).containsExactly(Long.MAX_VALUE);
    assertThatThrownBy(() -> repository.publish(tiny))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("no number is left behind 9223372036854775807");
  }

  @Test
  void refusesAVersionThatIsNotPositive() {
    assertThatThrownBy(() -> new ModelRepository(temporary).directory(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a model version is a positive integer: 0");
  }
}

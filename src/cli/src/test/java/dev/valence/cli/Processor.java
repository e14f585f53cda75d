package dev.valence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * {@code valence stream} in a JVM of its own, its model and its state on a small disk of its own
 * where the system lets one mount such a disk.
 */
final class Processor implements AutoCloseable {
  private static final String MODELS = "models";
  private static final String FILLER = "filler";
  private static final int BLOCK = 4096;
  private static final long DISK_BYTES = 4 << 20;
  private static final long STOP_SECONDS = 120;

  private final Process process;
  private final Path disk;
  private final Path err;
  private final boolean ownDisk;

  private Processor(Process process, Path disk, Path err, boolean ownDisk) {
    this.process = process;
    this.disk = disk;
    this.err = err;
    this.ownDisk = ownDisk;
  }

  /** Whether a process may have a small disk of its own here. */
  static boolean mayMount() throws IOException, InterruptedException {
    return new ProcessBuilder(
                "sh", "-c", "unshare --user --map-root-user --mount mount -t tmpfs none /mnt")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor()
        == 0;
  }

  /**
   * @param directory existing; takes what the process writes
   * @param models the repository, which the process copies to its disk
   * @param ownDisk see {@link #mayMount}
   * @param settings {@code key=value}
   */
  static Processor start(Path directory, Path models, boolean ownDisk, List<String> settings)
      throws IOException {
    Path home = Files.createTempDirectory(directory, "processor");
    Path disk = Files.createDirectory(home.resolve("disk"));
    Path err = home.resolve("err.txt");
    List<String> arguments = new ArrayList<>(List.of("stream", "--set=valence.http.port=0"));
    arguments.add("--set=valence.model.repository=" + disk.resolve(MODELS));
    arguments.add("--set=kafka.state.dir=" + disk.resolve("state"));
    settings.forEach(setting -> arguments.add("--set=" + setting));
    List<String> command =
        new ChildJvm("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
            .command(arguments.toArray(String[]::new))
            .command();
    List<String> prepared = new ArrayList<>();
    if (ownDisk) {
      prepared.addAll(List.of("unshare", "--user", "--map-root-user", "--mount"));
    }
    String mount = ownDisk ? "mount -t tmpfs -o size=" + DISK_BYTES + " none \"$1\" && " : "";
    prepared.addAll(
        List.of("/bin/sh", "-c", mount + "cp -r \"$2\" \"$1/models\" && shift 2 && exec \"$@\""));
    prepared.addAll(List.of("sh", disk.toString(), models.toString()));
    prepared.addAll(command);
    Process process =
        new ProcessBuilder(prepared)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(err.toFile())
            .start();
    return new Processor(process, disk, err, ownDisk);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  String err() throws IOException {
    return Files.readString(err);
  }

  /** {@code kill -9}. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** {@code kill}, and waits for the end. */
  void stop() throws IOException, InterruptedException {
    process.destroy();
    assertThat(process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)).as("stops: %s", err()).isTrue();
  }

  /** {@code kill -STOP}. */
  void pause() throws IOException, InterruptedException {
    signal("-STOP");
  }

  /** {@code kill -CONT}. */
  void resume() throws IOException, InterruptedException {
    signal("-CONT");
  }

  /** Leaves no room on its disk, once it has one: until then the path is on everybody's. */
  void fillDisk() throws IOException, InterruptedException {
    while (!Files.exists(mounted().resolve(MODELS))) {
      assertThat(process.waitFor(20, TimeUnit.MILLISECONDS)).as("ended: %s", err()).isFalse();
    }
    assertThat(Files.getFileStore(mounted()).getTotalSpace()).isEqualTo(DISK_BYTES);
    try (OutputStream out = Files.newOutputStream(mounted().resolve(FILLER))) {
      for (long written = 0; written <= DISK_BYTES; written += BLOCK) {
        out.write(new byte[BLOCK]);
      }
      throw new AssertionError("the disk of " + mounted() + " cannot be filled");
    } catch (IOException full) {
      assertThat(full).hasMessageContaining("space left");
    }
  }

  void clearDisk() throws IOException {
    Files.deleteIfExists(mounted().resolve(FILLER));
  }

  boolean hasOwnDisk() {
    return ownDisk;
  }

  @Override
  public void close() {
    kill();
  }

  /** Its disk, as it sees it. */
  private Path mounted() {
    return Path.of("/proc/" + process.pid() + "/root" + disk);
  }

  private void signal(String name) throws IOException, InterruptedException {
    assertThat(new ProcessBuilder("kill", name, Long.toString(process.pid())).start().waitFor())
        .isZero();
  }
}

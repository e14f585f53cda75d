package dev.valence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A command of Valence, or another one, in a JVM of its own, its output in files. */
final class CommandProcess implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 120;

  private final Process process;
  private final Path out;
  private final Path err;

  private CommandProcess(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  static CommandProcess start(Path directory, String... arguments) throws IOException {
    // It runs for seconds: compiling it well would take longer than that.
    ChildJvm jvm = new ChildJvm("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
    return start(directory, jvm.command(arguments));
  }

  static CommandProcess start(Path directory, ProcessBuilder command) throws IOException {
    Path out = Files.createTempFile(directory, "out", ".txt");
    Path err = Files.createTempFile(directory, "err", ".txt");
    Process process = command.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    return new CommandProcess(process, out, err);
  }

  Process process() {
    return process;
  }

  String out() throws IOException {
    return Files.readString(out);
  }

  String err() throws IOException {
    return Files.readString(err);
  }

  /** Waits until the command has written this to its standard error. */
  void awaitErr(String text) throws IOException, InterruptedException {
    await(err, text);
  }

  /** Waits until the command has written this to its standard output. */
  void awaitOut(String text) throws IOException, InterruptedException {
    await(out, text);
  }

  private void await(Path file, String text) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!Files.readString(file).contains(text)) {
      assertThat(System.nanoTime()).as("time to write '%s': %s", text, err()).isLessThan(deadline);
      assertThat(process.waitFor(50, TimeUnit.MILLISECONDS)).as("ended early: %s", err()).isFalse();
    }
  }

  /** Waits until the command ends by itself. */
  int exitCode() throws IOException, InterruptedException {
    assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).as("ends: %s", err()).isTrue();
    return process.exitValue();
  }

  /** {@code kill}: asks the command to stop. */
  void terminate() {
    process.destroy();
  }

  /** {@code kill -9}: ends the command where it stands. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    kill();
  }
}

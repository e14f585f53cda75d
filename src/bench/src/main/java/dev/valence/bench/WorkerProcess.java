package dev.valence.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.valence.cli.CommandFailedException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Runs programs of this jar in JVMs of their own, on as many cores as they have threads.
 *
 * @param directory for their files
 */
record WorkerProcess(Path directory) {
  private static final int TIMEOUT_MINUTES = 60;
  private static final int LINES_SHOWN = 6;

  /**
   * Measures one contender.
   *
   * @throws CommandFailedException if that fails
   */
  Measurement measure(Job job) throws IOException, InterruptedException {
    ObjectMapper json = new ObjectMapper();
    Path own = Files.createTempDirectory(directory, job.contender().key());
    Path in = own.resolve("job.json");
    Path out = own.resolve("measurement.json");
    json.writeValue(in.toFile(), job);
    run(
        Worker.class,
        job.contender().toString(),
        job.threads(),
        List.of(
            in.toString(), out.toString(), Files.createDirectory(own.resolve("work")).toString()),
        " Mend that, or leave it out with --only.");
    return json.readValue(out.toFile(), Measurement.class);
  }

  /** Gives a model's weights to its peers. */
  PeerFiles export(Path model) throws IOException, InterruptedException {
    PeerFiles files = new PeerFiles(Files.createDirectory(directory.resolve("peers")));
    run(
        PeerFiles.class,
        "the model for its peers",
        1,
        List.of(model.toString(), files.directory().toString()),
        "");
    return files;
  }

  private void run(Class<?> program, String what, int cores, List<String> arguments, String wayOut)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    List<Integer> pinned = Machine.cores(cores);
    if (!pinned.isEmpty() && Files.isExecutable(Path.of("/usr/bin/taskset"))) {
      command.addAll(
          List.of(
              "/usr/bin/taskset",
              "-c",
              pinned.stream().map(String::valueOf).collect(Collectors.joining(","))));
    }
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx1g",
            "-cp",
            System.getProperty("java.class.path"),
            program.getName()));
    command.addAll(arguments);
    Path log = Files.createTempFile(directory, program.getSimpleName(), ".log");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment());
    builder.environment().putIfAbsent("VALENCE_LOG_LEVEL", "ERROR");
    Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    Thread stop = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(stop);
    try {
      boolean ended = process.waitFor(TIMEOUT_MINUTES, TimeUnit.MINUTES);
      if (!ended || process.exitValue() != 0) {
        String how = ended ? "failed" : "took more than " + TIMEOUT_MINUTES + " minutes";
        throw new CommandFailedException(
            "measuring " + what + " " + how + ": " + lastLines(log) + wayOut);
      }
    } finally {
      process.destroyForcibly();
      Runtime.getRuntime().removeShutdownHook(stop);
    }
  }

  /** Native libraries read these before Java code can set anything. */
  private static Map<String, String> environment() {
    return Map.of(
        // One thread for each caller, as TensorFlow is told by its own settings.
        "OMP_NUM_THREADS",
        "1",
        "TF_CPP_MIN_LOG_LEVEL",
        "3",
        // PyTorch is unpacked once, beside this code; nothing is downloaded, nothing reported.
        "DJL_CACHE_DIR",
        home().resolve("djl").toString(),
        "DJL_OFFLINE",
        "true",
        "OPT_OUT_TRACKING",
        "true");
  }

  private static Path home() {
    try {
      return Path.of(
              WorkerProcess.class.getProtectionDomain().getCodeSource().getLocation().toURI())
          .getParent();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String lastLines(Path log) throws IOException {
    List<String> lines = Files.readAllLines(log);
    List<String> telling =
        lines.stream()
            .filter(line -> line.contains("Exception") || line.contains("Error"))
            .limit(LINES_SHOWN)
            .toList();
    List<String> last = lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size());
    return String.join(" | ", telling.isEmpty() ? last : telling);
  }
}

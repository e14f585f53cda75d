package dev.valence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valence.stream.format.ReviewFormat;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The processor with the model that comes with Valence, for an hour at a steady rate: its memory
 * stays flat. The profile {@code soak} runs it, and it leaves its table in {@code target/soak.md}.
 */
class Soak {
  private static final int MINUTES = Integer.getInteger("soak.minutes", 60);
  private static final int REVIEWS_PER_SECOND = Integer.getInteger("soak.rate", 20);
  private static final double MEBIBYTE = 1 << 20;
  private static final double GROWTH = 1.1;

  private final HttpClient http = HttpClient.newHttpClient();

  @TempDir Path directory;

  /**
   * @param minute since the start
   * @param residentMiB memory of the process that is in the machine's
   * @param heapMiB used by Java objects, garbage included
   * @param scored reviews
   * @param waitingBytes in buffers
   */
  private record Sample(
      int minute, double residentMiB, double heapMiB, double scored, double waitingBytes) {

    String row() {
      return "| %d | %.0f | %.0f | %.0f | %.0f |"
          .formatted(minute, residentMiB, heapMiB, scored, waitingBytes);
    }
  }

  @Test
  void keepsItsMemory() throws Exception {
    List<Sample> samples = new ArrayList<>();
    try (BrokerProcess broker = BrokerProcess.start(new PrintWriter(System.err, true))) {
      Brokers brokers = broker.brokers();
      try (CommandProcess processor =
              CommandProcess.start(
                  directory,
                  "stream",
                  "--set=kafka.bootstrap.servers=" + brokers.address(),
                  "--set=kafka.state.dir=" + directory.resolve("state"),
                  "--set=valence.http.port=0");
          ReviewFeed feed = feed(processor, brokers)) {
        long start = System.nanoTime();
        for (int minute = 1; minute <= MINUTES; minute++) {
          long left = start + TimeUnit.MINUTES.toNanos(minute) - System.nanoTime();
          assertThat(processor.process().waitFor(left, TimeUnit.NANOSECONDS))
              .as("ended: %s", processor.err())
              .isFalse();
          samples.add(sample(minute, processor));
          System.out.println(samples.get(samples.size() - 1).row());
        }
        feed.stop();
      }
    }
    Files.writeString(Path.of("target", "soak.md"), table(samples));

    int quarter = samples.size() / 4;
    double early = mean(samples.subList(quarter, 2 * quarter));
    double late = mean(samples.subList(3 * quarter, samples.size()));
    assertThat(late).as("resident MiB in the last quarter").isLessThan(GROWTH * early);
    assertThat(samples.get(samples.size() - 1).scored()).isPositive();
  }

  private static ReviewFeed feed(CommandProcess processor, Brokers brokers) throws Exception {
    processor.awaitErr("status at ");
    return new ReviewFeed(
        new ReviewPublisher(brokers, "reviews", ReviewFormat.named(ReviewFormat.AVRO)),
        REVIEWS_PER_SECOND);
  }

  private Sample sample(int minute, CommandProcess processor)
      throws IOException, InterruptedException {
    Matcher address = Pattern.compile("status at (http://[^;]+)").matcher(processor.err());
    assertThat(address.find()).isTrue();
    String metrics =
        http.send(
                HttpRequest.newBuilder(URI.create(address.group(1) + "/metrics")).build(),
                BodyHandlers.ofString())
            .body();
    return new Sample(
        minute,
        sum(metrics, "process_resident_memory_bytes") / MEBIBYTE,
        sum(metrics, "jvm_memory_bytes_used{area=\"heap\",}") / MEBIBYTE,
        sum(metrics, "valence_reviews_total"),
        sum(metrics, "valence_buffer_bytes"));
  }

  /** Adds up all series whose name begins like this. */
  private static double sum(String metrics, String name) {
    return metrics
        .lines()
        .filter(line -> line.startsWith(name))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private static double mean(List<Sample> samples) {
    return samples.stream().mapToDouble(Sample::residentMiB).average().orElseThrow();
  }

  private static String table(List<Sample> samples) {
    StringBuilder table = new StringBuilder();
    table.append("| minute | resident MiB | heap MiB | reviews scored | bytes waiting |\n");
    table.append("|---:|---:|---:|---:|---:|\n");
    samples.forEach(sample -> table.append(sample.row()).append('\n'));
    return table.toString();
  }
}

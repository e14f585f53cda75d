package dev.valence.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.valence.cli.BrokerProcess;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Measures contenders one after the other, in rounds, and starts what they need. */
final class Measuring implements AutoCloseable {

  /** Fewer reviews are a try, which need not wait for minutes of warming up. */
  private static final int FEW = 100;

  private final Path model;
  private final boolean eightBits;
  private final ReviewSet reviews;
  private final int threads;
  private final int rounds;
  private final Path directory;
  private final PrintWriter err;
  private final WorkerProcess worker;
  private final PeerFiles peers;
  private final double flopPerToken;
  private BrokerProcess broker;

  /**
   * Prepares for measurements.
   *
   * @param model directory of one version
   * @param eightBits whether it can compute in int8
   * @param directory may be written to
   * @param err is told what is going on
   */
  Measuring(
      Path model,
      boolean eightBits,
      ReviewSet reviews,
      int threads,
      int rounds,
      Path directory,
      PrintWriter err)
      throws IOException, InterruptedException {
    this.model = model.toAbsolutePath();
    this.eightBits = eightBits;
    this.reviews = reviews;
    this.threads = threads;
    this.rounds = rounds;
    this.directory = directory;
    this.err = err;
    this.worker = new WorkerProcess(directory);
    this.peers = worker.export(this.model);
    this.flopPerToken = Network.read(peers.network()).flopPerToken();
  }

  ReviewSet reviews() {
    return reviews;
  }

  /**
   * Measures these, but for what the model has no graph for, and keeps those that {@link
   * Agreement#among agree}: all of them in one round, each in a process of its own, then all again.
   * What else a machine does changes from minute to minute, so that two are best compared within a
   * round.
   *
   * @return figures by contender, in their order, of each round
   */
  List<Map<Contender, Figures>> compare(List<Contender> chosen)
      throws IOException, InterruptedException {
    String texts = write("reviews.json", reviews);
    boolean few = reviews.texts().size() < FEW;
    Job.Shape shape = few ? Job.Shape.USUAL.brief(0) : Job.Shape.USUAL;
    Collection<Contender> left = withGraphs(chosen);
    List<Map<Contender, Figures>> measured = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      Map<Contender, Figures> figures = compareOnce(left, texts, shape, round);
      measured.add(figures);
      left = figures.keySet();
    }
    return measured;
  }

  private List<Contender> withGraphs(List<Contender> chosen) {
    List<Contender> possible = new ArrayList<>();
    for (Contender contender : chosen) {
      boolean valence = contender == Contender.D_INT8 || contender == Contender.E_INT8;
      if (valence && !eightBits) {
        say("leaving out " + contender + ": the model has no graph for it");
      } else {
        possible.add(contender);
      }
    }
    return possible;
  }

  private Map<Contender, Figures> compareOnce(
      Collection<Contender> chosen, String texts, Job.Shape shape, int round)
      throws IOException, InterruptedException {
    Map<Contender, Measurement> measured = new EnumMap<>(Contender.class);
    for (Contender contender : chosen) {
      say("measuring " + contender + ", round " + round + " of " + rounds + " ...");
      measured.put(contender, run(contender, texts, threads, 1, shape));
    }
    float[][] expected =
        measured.containsKey(Contender.D_FP32)
            ? measured.get(Contender.D_FP32).probabilities()
            : null;
    Map<Contender, Figures> figures = new EnumMap<>(Contender.class);
    measured.forEach(
        (contender, one) ->
            figures.put(contender, Figures.of(contender, one, flopPerToken, expected)));
    return Agreement.among(figures, this::say);
  }

  /**
   * Measures Valence, cut in this way, in one process that goes through all rounds.
   *
   * @param streams whether from Kafka to Kafka
   * @param set what is scored
   */
  Figures point(boolean streams, ReviewSet set, int threadCount, Job.Shape shape)
      throws IOException, InterruptedException {
    Contender contender =
        eightBits
            ? (streams ? Contender.E_INT8 : Contender.D_INT8)
            : (streams ? Contender.E_FP32 : Contender.D_FP32);
    Measurement measured = run(contender, write("growth.json", set), threadCount, rounds, shape);
    return Figures.of(contender, measured, flopPerToken, null);
  }

  void say(String what) {
    err.println(what);
    err.flush();
  }

  private Measurement run(
      Contender contender, String texts, int threadCount, int roundCount, Job.Shape shape)
      throws IOException, InterruptedException {
    return worker.measure(
        new Job(
            contender,
            model.toString(),
            texts,
            peers.directory().toString(),
            contender.feeding() == Contender.Feeding.TOPIC ? brokers() : null,
            threadCount,
            roundCount,
            shape));
  }

  private String brokers() throws IOException {
    if (broker == null) {
      broker = BrokerProcess.start(err, "--data-dir", directory.resolve("broker").toString());
    }
    return broker.address();
  }

  private String write(String name, ReviewSet set) throws IOException {
    Path file = directory.resolve(name);
    Files.writeString(file, new ObjectMapper().writeValueAsString(set.texts()));
    return file.toString();
  }

  @Override
  public void close() {
    if (broker != null) {
      broker.close();
    }
  }
}

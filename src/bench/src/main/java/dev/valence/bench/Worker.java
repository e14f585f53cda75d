package dev.valence.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.valence.model.BatchPlanner;
import dev.valence.model.SentimentModel;
import dev.valence.text.TextPipeline;
import dev.valence.training.MatMulPeak;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Measures one contender, in a process of its own: engines must not share threads, nor memory that
 * is to be measured.
 */
final class Worker {
  /** Without Kafka Java has little to compile. */
  private static final int OFFLINE_WARM_UP_SECONDS = 20;

  private static final int PEAK_ROUNDS = 10;

  private final Job job;
  private final Path directory;

  private Worker(Job job, Path directory) {
    this.job = job;
    this.directory = directory;
  }

  /**
   * Runs a job.
   *
   * @param arguments the file of the {@link Job}, the file for its {@link Measurement}, and an
   *     empty directory
   */
  public static void main(String[] arguments) throws Exception {
    ObjectMapper json = new ObjectMapper();
    Job job = json.readValue(Path.of(arguments[0]).toFile(), Job.class);
    Measurement measured = new Worker(job, Path.of(arguments[2])).measure();
    json.writeValue(Path.of(arguments[1]).toFile(), measured);
    System.exit(0);
  }

  private Measurement measure() throws Exception {
    PeerFiles peers = new PeerFiles(Path.of(job.peers()));
    List<String> texts = texts();
    Path model = Path.of(job.model());
    return switch (job.contender()) {
      case A -> peak(Network.read(peers.network()));
      case B, C -> offline(new PlainSavedModel(model, job.threads()), texts);
      case D_FP32, D_INT8 -> valence(texts);
      case E_FP32, E_INT8 -> StreamScoring.measure(job, texts, directory);
      case F -> mapped(texts);
      case TORCH, TORCH_ALONE -> offline(new TorchEngine(Network.read(peers.network())), texts);
      case ONNX, ONNX_ALONE, ONNX_INT8, ONNX_INT8_ALONE ->
          offline(
              new OnnxEngine(
                  peers.onnx(job.contender().eightBits()), Network.read(peers.network()).order()),
              texts);
    };
  }

  private List<String> texts() throws Exception {
    List<String> all =
        List.of(new ObjectMapper().readValue(Path.of(job.reviews()).toFile(), String[].class));
    return all.subList(0, Math.max(1, all.size() / job.contender().divisor()));
  }

  /** Of a square product, and of those that the model asks for. */
  private Measurement peak(Network network) {
    int[][] shapes =
        Stream.of(
                new int[][] {{1024, 1024, 1024}},
                network.products(64),
                network.products(128),
                network.products(2048))
            .flatMap(Stream::of)
            .toArray(int[][]::new);
    double flop = MatMulPeak.measure(shapes, job.threads(), PEAK_ROUNDS);
    return new Measurement(0, 0, 0, List.of(), flop, null, null, null, Memory.residentMebibytes());
  }

  private Measurement valence(List<String> texts) throws Exception {
    SentimentModel model =
        SentimentModel.load(Path.of(job.model()), job.contender().precision(), List.of());
    try (ValenceEngine engine = new ValenceEngine(model)) {
      return scoring(engine, model.textPipeline(), model.batchPlanner())
          .measure(texts, job.rounds());
    }
  }

  private Measurement offline(Engine engine, List<String> texts) throws Exception {
    try (engine) {
      return scoring(engine, pipeline(), new BatchPlanner()).measure(texts, job.rounds());
    }
  }

  private OfflineScoring scoring(Engine engine, TextPipeline pipeline, BatchPlanner planner) {
    return new OfflineScoring(
        engine,
        pipeline,
        job.contender().feeding(),
        planner,
        job.shape().planned(),
        job.threads(),
        Math.min(job.shape().warmUpSeconds(), OFFLINE_WARM_UP_SECONDS));
  }

  private Measurement mapped(List<String> texts) throws Exception {
    try (Engine engine = new PlainSavedModel(Path.of(job.model()), job.threads())) {
      return new MappedScoring(job, engine, pipeline(), directory).measure(texts);
    }
  }

  private TextPipeline pipeline() throws Exception {
    return TextPipeline.load(Path.of(job.model()).resolve("assets"));
  }
}

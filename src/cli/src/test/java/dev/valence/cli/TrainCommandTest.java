package dev.valence.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainCommandTest {
  @TempDir private Path folder;

  @Test
  void measuresTheStepAgainstTheBareProduct() throws IOException {
    Invocation bench =
        succeed(
            "train bench --towers 2 --steps 2 --vocabulary 100 --set bs=8 --set bptt=8 --set em_sz=16"
                + " --set nh=16 --set candidates=20 --json");

    JsonNode figures = new ObjectMapper().readTree(bench.out());
    assertThat(figures.path("ratio").asDouble())
        .isEqualTo(figures.path("flopPerSecond").asDouble() / figures.path("matMul").asDouble());
    assertThat(figures.path("candidates").asDouble()).isBetween(10.0, 100.0);
    // FLOP a token: 6 * (3 layers * 32 * 64 + 16 a candidate).
    assertThat(
            figures.path("flopPerSecond").asDouble() / figures.path("tokensPerSecond").asDouble())
        .isBetween(6 * (3 * 32 * 64 + 16 * 10.0), 6 * (3 * 32 * 64 + 16 * 100.0));
    assertThat(figures.path("towers").asInt()).isEqualTo(2);
  }

  @Test
  void measuresTheClassifiersStepToo() throws IOException {
    Invocation bench =
        succeed(
            "train bench --classifier --towers 1 --steps 2 --vocabulary 100 --set bs=8 --set em_sz=16"
                + " --set nh=16 --set max_tokens=50 --set frozen=0 --json");

    JsonNode figures = new ObjectMapper().readTree(bench.out());
    // FLOP a token: 6 * 3 layers * 32 * 64.
    assertThat(
            figures.path("flopPerSecond").asDouble() / figures.path("tokensPerSecond").asDouble())
        .isCloseTo(6 * 3 * 32 * 64, withinPercentage(0.01));
    assertThat(figures.path("candidates").asDouble()).isZero();
  }

  @Test
  void saysWhatItComputesOn() throws IOException {
    String tiny =
        "train bench --steps 1 --vocabulary 100 --set bs=8 --set bptt=8 --set em_sz=16 --set nh=16"
            + " --set candidates=20 --json --towers 1 --device ";

    Invocation gpu = Invocation.of("", (tiny + "gpu").split(" "));
    Invocation auto = succeed(tiny + "auto");

    // Where there is a GPU, and TensorFlow's libraries for it, both use it.
    assertThat(auto.out()).contains("ratio");
    if (gpu.exitCode() != 0) {
      assertThat(gpu.exitCode()).isEqualTo(1);
      assertThat(gpu.errLines())
          .singleElement()
          .asString()
          .contains("no GPU: TensorFlow finds none", "--device cpu");
    }
  }

  @Test
  void goesFromATableOfReviewsToAModelThatScores() throws IOException {
    Path reviews = teachers(600);
    Path languageModel = folder.resolve("lm");
    Path classifier = folder.resolve("classifier");
    Path model = folder.resolve("models/1");

    succeed(
        "train lm --data %s --out %s --towers 1 --set bs=8 --set bptt=20 --set min_freq=1 --set em_sz=32"
            + " --set nh=32 --set nl=2 --set cycles=2 --set cycle_mult=1 --set drop_mult=0.2 --set lr=0.02",
        reviews, languageModel);
    succeed(
        "train classifier --data %s --language-model %s --out %s --towers 1 --set bs=8 --set cycles=1"
            + " --set cycle_len=1 --set drop_mult=0.2 --set lr=0.003 --set max_tokens=60",
        reviews, languageModel, classifier);
    Invocation found =
        succeed(
            "train lr-find --data %s --language-model %s --out %s --towers 1 --steps 40 --set bs=8"
                + " --set max_tokens=60",
            reviews, languageModel, folder.resolve("lr"));
    assertThat(found.out()).contains("suggested: --set lr=");
    assertThat(folder.resolve("lr")).isDirectoryContaining("glob:**/lr-find.svg");
    Invocation written =
        succeed(
            "train generate --language-model %s --prompt She --count 2 --seed 3", languageModel);
    assertThat(written.outLines()).anySatisfy(line -> assertThat(line).startsWith("she is "));
    succeed("train export --classifier %s --out %s --name teachers", classifier, model);

    Invocation evaluation =
        succeed("train evaluate --model %s --data %s --held-out --json", model, reviews);
    JsonNode figures = new ObjectMapper().readTree(evaluation.out());
    assertThat(figures.path("accuracy").asDouble()).isGreaterThan(0.85);
    assertThat(figures.path("coverage").asDouble()).isEqualTo(1);
    assertThat(figures.path("byLength").get(0).path("range").asText()).isEqualTo("1-32");
    assertThat(figures.path("reviews").asInt()).isBetween(20, 120);
    assertThat(figures.path("modelName").asText()).isEqualTo("teachers");
    assertThat(evaluation.err()).isEmpty();
    Invocation seen =
        succeed("train evaluate --model %s --data %s --held-out --validation 0.2", model, reviews);
    assertThat(seen.errLines())
        .singleElement()
        .asString()
        .contains("not trained on exactly", "--validation and --group-column");
    Invocation score = score(model, "She is patient and i learn a lot.");
    assertThat(score.out()).contains("\"label\":\"positive\"");

    Path own = folder.resolve("own");
    succeed(
        "train lm --data %s --language-model %s --out %s --towers 1 --preset small --set cycle_len=0.2",
        reviews, languageModel, own);
    succeed(
        "train classifier --data %s --from-nothing --out %s --towers 1 --preset small"
            + " --limit-labels 60 --validation 0.3 --set frozen=0 --set cycle_len=1 --set em_sz=16"
            + " --set nh=16",
        reviews, folder.resolve("few"));
    assertThat(Files.readAllLines(folder.resolve("few/validation.csv"))).hasSizeBetween(5, 40);

    Path more = folder.resolve("more.csv");
    Files.writeString(
        more, Files.readString(reviews) + "u1,\"She is kind and i learn a lot .\",\n");
    Path softLabels = folder.resolve("soft-labels.jsonl");
    succeed("train label --model %s --data %s --out %s --validation 0.05", model, more, softLabels);
    assertThat(softLabels).content().hasLineCount(1);
    JsonNode softLabel = new ObjectMapper().readTree(Files.readString(softLabels));
    assertThat(softLabel.path("id").asText()).isEqualTo("u1");
    assertThat(softLabel.path("probabilities").path("positive").asDouble()).isGreaterThan(0.9);
    Path unexported = folder.resolve("unexported.jsonl");
    succeed(
        "train label --classifier %s --towers 1 --data %s --out %s --validation 0.05",
        classifier, more, unexported);
    assertThat(unexported).content().hasLineCount(1).contains("\"u1\"");
    Path longer = folder.resolve("longer.csv");
    Files.writeString(
        longer,
        Files.readString(more)
            + "u2,\"%s\",\n".formatted("She is kind and i learn a lot . ".repeat(20)));
    Path halves = folder.resolve("halves.jsonl");
    succeed(
        "train label --halves --model %s --data %s --out %s --validation 0.05",
        model, longer, halves);
    List<String> judged = Files.readAllLines(halves);
    assertThat(judged).hasSize(4).anyMatch(line -> line.contains("\"u2 (first half)\""));
    // Of nothing else: a run without reviews to learn from would fail.
    Files.write(halves, judged.stream().filter(line -> line.contains(" half)")).toList());
    succeed(
        "train classifier --data %s --classifier %s --out %s --towers 1 --set bs=8 --set cycles=1"
            + " --set cycle_len=0.1 --set frozen=0 --soft-labels %s --set unlabelled=0.1"
            + " --validation 0.05",
        longer, classifier, folder.resolve("halved"), halves);
    Path linear = folder.resolve("linear.jsonl");
    Invocation learned =
        succeed("train label --linear --data %s --out %s --validation 0.05", more, linear);
    assertThat(learned.err()).contains("this teacher: accuracy ");
    assertThat(linear).content().hasLineCount(1).contains("\"u1\"");
    Path held = folder.resolve("held-out.jsonl");
    Invocation unseen =
        succeed("train label --held-out --model %s --data %s --out %s", model, more, held);
    assertThat(unseen.err()).doesNotContain("not trained on");
    Path otherwise = folder.resolve("otherwise.jsonl");
    Invocation other =
        succeed(
            "train label --held-out --model %s --data %s --out %s --validation 0.2",
            model, more, otherwise);
    assertThat(other.errLines()).first().asString().contains("not trained on exactly");
    Path linearHeld = folder.resolve("linear-held-out.jsonl");
    succeed("train label --held-out --linear --data %s --out %s", more, linearHeld);
    Invocation together =
        succeed(
            "train evaluate --soft-labels %s --soft-labels %s --data %s --held-out --json",
            held, linearHeld, more);
    JsonNode ensemble = new ObjectMapper().readTree(together.out());
    assertThat(ensemble.path("reviews")).isEqualTo(figures.path("reviews"));
    assertThat(ensemble.path("accuracy").asDouble()).isGreaterThan(0.85);
    Invocation alone =
        succeed("train evaluate --soft-labels %s --data %s --held-out --json", held, more);
    assertThat(new ObjectMapper().readTree(alone.out()).path("accuracy"))
        .isEqualTo(figures.path("accuracy"));
    succeed(
        "train classifier --data %s --classifier %s --out %s --towers 1 --set bs=8 --set cycles=1"
            + " --set cycle_len=0.1 --set frozen=0 --set max_tokens=60 --soft-labels %s"
            + " --set unlabelled=0.1 --validation 0.05",
        more, classifier, folder.resolve("student"), softLabels);
    assertThat(folder.resolve("student/classifier.json")).exists();

    Path modest = folder.resolve("modest");
    Invocation export =
        succeed(
            "train export --classifier %s --out %s --name teachers --precision 0.98",
            classifier, modest);
    assertThat(export.err()).contains("uncertain below 0.").contains("keep a label");
    assertThat(modest.resolve("assets.extra/model-card.md")).content().contains("`uncertain`");
    Invocation modestly =
        Invocation.of(
            "{\"id\":\"1\",\"text\":\"She is patient and i learn a lot.\"}\n"
                + "{\"id\":\"2\",\"text\":\"She is tall.\"}\n",
            "score",
            "--model",
            modest.toString());
    assertThat(modestly.outLines().get(0)).contains("\"label\":\"positive\"");
    assertThat(modestly.outLines().get(1)).contains("\"label\":\"uncertain\"");
    Invocation table = succeed("train evaluate --model %s --data %s", modest, reviews);
    assertThat(table.outLines())
        .contains("by tokens             reviews   accuracy confidence")
        .anySatisfy(line -> assertThat(line).startsWith("is negative "))
        .anySatisfy(line -> assertThat(line).matches("coverage +0\\.[89]\\d+"))
        .anySatisfy(line -> assertThat(line).matches("kept_precision +(0\\.9[5-9]\\d+|1\\.0000)"));
  }

  @Test
  void leavesACheckpointWhenItIsAskedToStop() throws Exception {
    Path reviews = teachers(600);
    String[] command =
        ("train lm --data %s --out %s --towers 1 --set bs=8 --set bptt=20 --set min_freq=1"
                + " --set em_sz=16 --set nh=16 --set nl=1 --set cycles=1")
            .formatted(reviews, folder.resolve("lm"))
            .split(" ");
    try (CommandProcess run = CommandProcess.start(folder, command)) {
      run.awaitErr("vocabulary of");
      run.terminate();
      run.exitCode();
      assertThat(run.err()).contains("stopped after step").doesNotContain("Exception");
    }

    Invocation resumed = Invocation.of("", command);

    assertThat(resumed.exitCode()).as(resumed.err()).isZero();
    assertThat(folder.resolve("lm"))
        .isDirectoryContaining("glob:**/language-model.index")
        .isDirectoryContaining("glob:**/events.out.tfevents.*");
  }

  @Test
  void namesWhatIsWrongInOneLine() throws IOException {
    Path reviews = teachers(20);

    assertFails(
        "train lm --data %s --out %s".formatted(folder.resolve("none.csv"), folder),
        "no corpus at");
    assertFails(
        "train lm --data %s --out %s --set width=3".formatted(reviews, folder),
        "unknown hyper-parameter: width");
    assertFails(
        "train lm --data %s --out %s --set bs=many".formatted(reviews, folder),
        "bs is not a number: 'many'");
    assertFails(
        "train lm --data %s --out %s --set clip=0".formatted(reviews, folder),
        "clip must be above 0: 0.0");
    assertFails(
        "train lm --data %s --out %s --set cycles=-1".formatted(reviews, folder),
        "cycles must not be negative: -1");
    assertFails(
        "train lm --preset ulmfit --data %s --out %s --set bs=0".formatted(reviews, folder),
        "bs must be above 0");
    assertFails(
        "train lm --data %s --out %s".formatted(reviews, folder), "too little text is held out");
    Path blank = Files.writeString(folder.resolve("blank.csv"), "text,label\n\"\",good\n");
    assertFails("train lm --data %s --out %s".formatted(blank, folder), "all 1 reviews");
    assertFails(
        "train classifier --data %s --out %s --language-model %s"
            .formatted(reviews, folder, folder),
        "no language model in");
    assertFails(
        "train lr-find --data %s --out %s --from 2".formatted(reviews, folder),
        "the rates must rise from above 0: from 2.0 to 1.0");
    assertFails(
        "train generate --language-model %s --top-k 0".formatted(folder), "top-k must be at least");
    assertFails(
        "train label --linear --data %s --out %s".formatted(reviews, folder.resolve("soft.jsonl")),
        "there is no review to judge");
    assertFails(
        "train export --classifier %s --out %s".formatted(folder, folder), "no classifier in");
    assertFails(
        "train lm --data %s --out %s/run".formatted(reviews, reviews),
        "cannot make the folder "
            + reviews
            + "/run: Not a directory. Name another one with --out.");
  }

  @Test
  void refusesWhatCannotBeBeforeItReads() {
    String label = "train label --data none.csv --out %s/soft.jsonl ".formatted(folder);
    assertUsage(label + "--linear --towers 2", "--towers says nothing to a teacher that is no");
    assertUsage(label + "--model m --device cpu", "--device says nothing to a teacher that is no");
    assertUsage(
        label + "--classifier c --towers 0",
        "Invalid value for option '--towers': 0 is not 1 or more");
    assertUsage("train bench --towers 0", "option '--towers': 0 is not 1 or more");
    assertUsage("train classifier --data none.csv --out r --validation 1.5", "1.5 is not a share");
    assertUsage(
        "train label --linear --data none.csv --out %s/none/soft.jsonl".formatted(folder),
        "cannot be written");
    assertUsage(
        "train lm --data none.csv --out r --towers 0",
        "Invalid value for option '--towers': 0 is not 1 or more");
    assertUsage(
        "train label --classifier none --data none.csv --out soft.jsonl --towers -1",
        "Invalid value for option '--towers': -1 is not 1 or more");
    for (String minutes : List.of("-1", "999999999")) {
      assertUsage(
          "train lm --data none.csv --out r --checkpoint-minutes " + minutes,
          "Invalid value for option '--checkpoint-minutes': %s is not from 0 to 525600"
              .formatted(minutes));
    }
    assertUsage(
        "train generate --count 0", "Invalid value for option '--count': 0 is not 1 or more");
    assertUsage(
        "train generate --tokens 0", "Invalid value for option '--tokens': 0 is not 1 or more");
    assertUsage("train bench --steps 0", "Invalid value for option '--steps': 0 is not 1 or more");
    assertUsage(
        "train lr-find --data none.csv --out r --steps 1",
        "Invalid value for option '--steps': 1 is not 2 or more");
  }

  @Test
  void refusesNumbersThatWouldChangeNothing() throws IOException {
    String common = " --data %s --out %s --set ".formatted(teachers(60), folder.resolve("out"));

    assertFailure("train lm" + common + "lr_decay=2.6", "lr_decay is a number of a classifier");
    assertFailure(
        "train classifier --from-nothing" + common + "bptt=20",
        "bptt is a number of a language model");
    for (String name : List.of("min_freq", "max_vocab")) {
      assertFailure(
          "train classifier --language-model lm" + common + name + "=7",
          name + " is a number of a language model that learns its words");
    }
  }

  @Test
  void refusesAFolderThatAnotherRunWritesInto() throws IOException {
    Path out = folder.resolve("out");
    String command = "train lm --data %s --out %s".formatted(teachers(60), out);

    new RunFolder(out).alone(() -> assertFailure(command, "another run writes into " + out));
  }

  private static void assertFailure(String command, String message) {
    Invocation run = Invocation.of("", command.split(" "));
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.errLines()).last().asString().contains(message);
  }

  private static void assertUsage(String command, String message) {
    Invocation run = Invocation.of("", command.split(" "));
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.errLines()).singleElement().asString().contains(message);
  }

  @Test
  void judgesTheMeanOfTwoRunsWithoutLearning() throws IOException {
    Path reviews = teachers(60);
    Path first = folder.resolve("first");
    Path second = folder.resolve("second");
    Path mean = folder.resolve("mean");
    String common =
        "train classifier --data %s --out %s --towers 1 --validation 0.3 --set frozen=0";
    succeed(
        common + " --from-nothing --preset small --set cycle_len=0.1 --set em_sz=16 --set nh=16",
        reviews,
        first);
    succeed(common + " --classifier %s --set cycle_len=0.1", reviews, second, first);

    succeed(
        common + " --classifier %s --classifier %s --set cycles=0", reviews, mean, first, second);

    assertThat(mean).isDirectoryNotContaining("glob:**/checkpoint-*");
    succeed("train export --classifier %s --out %s", mean, folder.resolve("exported"));
  }

  @Test
  void exportsAModelThatReadsOnlySoMuchOfAReview() throws IOException {
    Path classifier = folder.resolve("untrained");
    succeed(
        "train classifier --data %s --from-nothing --out %s --towers 1 --preset small"
            + " --validation 0.3 --set frozen=0 --set cycle_len=0.1 --set em_sz=16 --set nh=16",
        teachers(60), classifier);
    Path model = folder.resolve("short");
    succeed("train export --classifier %s --out %s --max-tokens 6", classifier, model);
    assertFails(
        "train export --classifier %s --out %s --max-tokens 1".formatted(classifier, folder),
        "maxTokens is too small: 1. Give at least 2.");
    assertUsage(
        "train export --classifier %s --out %s/none --max-tokens 6 --precision 0.9"
            .formatted(classifier, folder),
        "Invalid value for option '--max-tokens': with --precision, 6 must be the 2000 tokens");

    Invocation score = score(model, "She is patient and i learn a lot.");

    assertThat(score.out()).contains("\"tokens\":6,");
    assertThat(model.resolve("assets.extra/model-card.md"))
        .content()
        .contains("reading at most 2,000 tokens of a review; this model reads at most 6.");
  }

  @Test
  void refusesToExportWithoutAVersionOrAName() {
    assertThat(
            Invocation.of("", "train", "export", "--classifier=c", "--out=m", "--model-version=0")
                .errLines())
        .singleElement()
        .asString()
        .startsWith("valence train export: Invalid value for option '--model-version': 0 is not");
    assertThat(
            Invocation.of("", "train", "export", "--classifier=c", "--out=m", "--name= ")
                .exitCode())
        .isEqualTo(2);
    assertThat(Invocation.of("", "train", "export", "--classifier=c", "--out=m/2").exitCode())
        .isEqualTo(2);
  }

  private static Invocation succeed(String command, Object... values) {
    Invocation run = Invocation.of("", command.formatted(values).split(" "));
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run;
  }

  private static Invocation score(Path model, String text) {
    return Invocation.of(
        "{\"id\":\"1\",\"text\":\"%s\"}\n".formatted(text), "score", "--model", model.toString());
  }

  private static void assertFails(String command, String message) {
    Invocation run = Invocation.of("", command.split(" "));
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.errLines()).singleElement().asString().contains(message);
  }

  private Path teachers(int count) throws IOException {
    List<String> good = List.of("patient", "kind", "clear");
    List<String> bad = List.of("unfair", "bored", "late");
    Random random = new Random(1);
    StringBuilder csv = new StringBuilder("id,text,label\n");
    for (int i = 0; i < count; i++) {
      boolean positive = random.nextBoolean();
      if (i % 8 == 0) {
        csv.append("r%d,She is tall .,%s%n".formatted(i, positive ? "positive" : "negative"));
        continue;
      }
      String word = (positive ? good : bad).get(random.nextInt(3));
      csv.append(
          "r%d,\"She is %s and i learn %s .\",%s%n"
              .formatted(
                  i, word, positive ? "a lot" : "nothing", positive ? "positive" : "negative"));
    }
    return Files.writeString(folder.resolve("teachers.csv"), csv);
  }
}

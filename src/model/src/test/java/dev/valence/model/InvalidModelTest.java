package dev.valence.model;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.valence.model.ModelManifest.FileDigest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each way in which a directory is not a model is refused with a line that says so. */
class InvalidModelTest {

  @TempDir Path temporary;

  private Path directory;

  @BeforeEach
  void writeAGoodModel() {
    directory = temporary.resolve("1");
    TinyModel.write(directory);
  }

  @Test
  void missingDirectory() {
    assertThatThrownBy(() -> SentimentModel.load(temporary.resolve("absent"), 1))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("There is no model directory " + temporary.resolve("absent"));
  }

  @Test
  void missingManifest() throws IOException {
    Files.delete(directory.resolve("manifest.json"));

    assertRefused("has no manifest.json, so it is not a (whole) model");
  }

  @Test
  void fileThatWasNotCopied() throws IOException {
    Files.delete(directory.resolve("assets/vocabulary.txt"));

    assertRefused("lacks the file assets/vocabulary.txt");
  }

  @Test
  void fileThatWasHalfCopied() throws IOException {
    Path variables = variables();
    byte[] content = Files.readAllBytes(variables);
    Files.write(variables, Arrays.copyOf(content, content.length / 2));

    assertRefused("has " + content.length / 2 + " bytes but the manifest says " + content.length);
  }

  @Test
  void flippedByte() throws IOException {
    Path variables = variables();
    byte[] content = Files.readAllBytes(variables);
    content[content.length / 2] ^= 1;
    Files.write(variables, content);

    assertRefused("but the manifest says");
  }

  @Test
  void fileThatNobodyListed() throws IOException {
    Files.writeString(directory.resolve("assets/notes.txt"), "mine");

    assertRefused("holds a file that its manifest does not list: assets/notes.txt");
  }

  @Test
  void fileOutsideOfTheDirectory() throws IOException {
    Files.writeString(temporary.resolve("secret.txt"), "mine");
    Map<String, FileDigest> files = new HashMap<>(manifest().files());
    files.put("../secret.txt", new FileDigest(4, "0".repeat(64)));
    ManifestFile.write(directory, manifest().withFiles(files));

    assertRefused("lists a file outside of it: ../secret.txt");
  }

  @Test
  void linkInsteadOfAFile() throws IOException {
    Path vocabulary = directory.resolve("assets/vocabulary.txt");
    Files.move(vocabulary, temporary.resolve("vocabulary.txt"));
    Files.createSymbolicLink(vocabulary, temporary.resolve("vocabulary.txt"));

    assertRefused("assets/vocabulary.txt is a link or a special file");
  }

  @Test
  void directoryNamedForAnotherVersion() throws IOException {
    directory = Files.move(directory, temporary.resolve("8"));

    assertRefused("8 is version 1 by its manifest");
  }

  @Test
  void vocabularyOfAnotherModel() throws IOException {
    Files.writeString(
        directory.resolve("assets/vocabulary.txt"), "toaster\n", StandardOpenOption.APPEND);
    reseal();

    assertRefused(
        "vocabulary.txt has 18 lines but the embedding has 17 rows: the model in "
            + directory
            + " was exported from another vocabulary");
  }

  @Test
  void unreadableTextPipeline() throws IOException {
    Files.writeString(directory.resolve("assets/text-pipeline.json"), "{");
    reseal();

    assertRefused("has no usable text pipeline");
  }

  @Test
  void labelsThatTheGraphDoesNotHave() throws IOException {
    String three = read("manifest.json").replace("\"negative\"", "\"negative\", \"mixed\"");
    Files.writeString(directory.resolve("manifest.json"), three);

    assertRefused("names 3 labels [negative, mixed, positive] but the model gives 2 probabilities");
  }

  @Test
  void graphThatIsNotOne() throws IOException {
    Files.write(directory.resolve("saved_model.pb"), "not a graph".getBytes(UTF_8));
    reseal();

    assertRefused("TensorFlow cannot load " + directory);
  }

  @Test
  void graphWithoutWeights() throws IOException {
    Files.delete(variables());
    reseal();

    assertRefused("TensorFlow cannot load " + directory);
  }

  @Test
  void missingGraph() throws IOException {
    Files.delete(directory.resolve("saved_model.pb"));
    reseal();

    assertRefused("holds no saved_model.pb");
  }

  @Test
  void graphWithAnotherSignature() throws IOException {
    byte[] graph = Files.readAllBytes(directory.resolve("saved_model.pb"));
    String renamed = new String(graph, ISO_8859_1).replace("token_ids", "word_ids_");
    Files.write(directory.resolve("saved_model.pb"), renamed.getBytes(ISO_8859_1));
    reseal();

    assertRefused("needs the input token_ids, DT_INT32 with 2 dimensions, but has no such input");
  }

  @Test
  void signatureOfATensorThatIsNotInTheGraph() throws IOException {
    Path file = directory.resolve("saved_model.pb");
    byte[] graph = Files.readAllBytes(file);
    String name = "Placeholder_1:0";
    String renamed = new String(graph, ISO_8859_1).replace(name, "Placeholder_9:0");
    Files.write(file, renamed.getBytes(ISO_8859_1));
    reseal();

    assertRefused("\"Placeholder_9:0\" does not exist on the graph");
  }

  @Test
  void weightsThatAreNotNumbers() {
    assertThatThrownBy(
            () -> TinyModel.write(temporary.resolve("nan"), TinyModel.draft(1, 0), Float.NaN))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining(
            "(assets.extra/golden.jsonl) gets the probability NaN: the weights are damaged");
  }

  @Test
  void scoresThatDependOnPadding() throws IOException {
    float[][] weights = TinyModel.weights(TinyModel.textPipeline().vocabulary(), 1);
    TinyModel.exportGraph(directory, weights, false);

    assertThatThrownBy(
            () ->
                ModelPackager.seal(
                    directory, TinyModel.draft(1, 0), List.of("good", "a good film and a kettle")))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("golden review 1 (assets.extra/golden.jsonl) gets the probabilities");
  }

  @Test
  void goldenReviewWithOtherIds() throws IOException {
    String golden = read("assets.extra/golden.jsonl");
    Files.writeString(
        directory.resolve("assets.extra/golden.jsonl"),
        golden.replaceFirst("\"ids\":\\[2,", "\"ids\":[2,0,"));
    reseal();

    assertRefused(
        "golden review 1 (assets.extra/golden.jsonl) is tokenised differently from token 1 on");
  }

  @Test
  void goldenReviewWithOtherProbabilities() throws IOException {
    Path other = temporary.resolve("other");
    TinyModel.write(other, TinyModel.draft(1, 0), 1.01f);
    Files.copy(
        other.resolve("assets.extra/golden.jsonl"),
        directory.resolve("assets.extra/golden.jsonl"),
        StandardCopyOption.REPLACE_EXISTING);
    reseal();

    assertRefused("(assets.extra/golden.jsonl) gets the probabilities");
  }

  @Test
  void goldenReviewsThatAreGone() throws IOException {
    Files.writeString(directory.resolve("assets.extra/golden.jsonl"), "");
    reseal();
    assertRefused("golden.jsonl holds no review");

    Files.writeString(directory.resolve("assets.extra/golden.jsonl"), "{\"text\": \"x\"}\n");
    reseal();
    assertRefused("golden.jsonl line 1 cannot be understood");

    Files.delete(directory.resolve("assets.extra/golden.jsonl"));
    reseal();
    assertRefused("golden.jsonl cannot be read");
  }

  private void assertRefused(String message) {
    assertThatThrownBy(() -> SentimentModel.load(directory, 1))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining(directory.toString())
        .hasMessageContaining(message)
        .message()
        .doesNotContain("\n");
  }

  private ModelManifest manifest() {
    return ManifestFile.read(directory);
  }

  /** What somebody does who changes a model on purpose: the manifest matches the files again. */
  private void reseal() throws IOException {
    ManifestFile.write(directory, manifest().withFiles(ModelFiles.measure(directory)));
  }

  private String read(String file) throws IOException {
    return Files.readString(directory.resolve(file));
  }

  private Path variables() throws IOException {
    try (var files = Files.list(directory.resolve("variables"))) {
      return files.filter(file -> file.toString().contains(".data-")).findFirst().orElseThrow();
    }
  }
}

package dev.valence.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SoftLabelsTest {
  private static final List<String> LABELS = List.of("negative", "positive");

  @TempDir private Path folder;

  @Test
  void areTheGeometricMeanOfSeveralTeachers() throws IOException {
    Path one = folder.resolve("one.jsonl");
    new SoftLabels(LABELS, Map.of("a", new float[] {0.2f, 0.8f}, "b", new float[] {1, 0}))
        .write(one);
    Path other =
        file(
            """
            {"id":"b","label":"negative","probabilities":{"positive":0.4,"negative":0.6},"tokens":3}
            {"id":"a","label":"positive","probabilities":{"positive":0.5,"negative":0.5},"tokens":9}
            """);

    SoftLabels mean = SoftLabels.read(List.of(one, other), LABELS);

    // One to two, since 0.5 * 0.2 is a quarter of 0.5 * 0.8.
    assertThat(mean.byId().get("a")).containsExactly(new float[] {1 / 3f, 2 / 3f}, within(1e-6f));
    // A probability of nothing leaves something of the other teacher's.
    assertThat(mean.byId().get("b")).containsExactly(new float[] {0.9992f, 0.0008f}, within(1e-4f));
  }

  @Test
  void mayNameReviewsByNumber() throws IOException {
    Path file = file("{\"id\":7,\"probabilities\":{\"negative\":1,\"positive\":0}}\n");

    assertThat(SoftLabels.read(List.of(file), LABELS).byId()).containsOnlyKeys("7");
  }

  @Test
  void teachDifferentlyWhenAnyOfThemDiffers() {
    SoftLabels one = new SoftLabels(LABELS, Map.of("a", new float[] {0.2f, 0.8f}));
    SoftLabels same = new SoftLabels(LABELS, Map.of("a", new float[] {0.2f, 0.8f}));
    SoftLabels other = new SoftLabels(LABELS, Map.of("a", new float[] {0.3f, 0.7f}));

    assertThat(one.fingerprint()).isEqualTo(same.fingerprint()).isNotEqualTo(other.fingerprint());
  }

  @Test
  void sayWhyTheyCannotBeRead() {
    Path none = folder.resolve("none.jsonl");

    assertThatThrownBy(() -> SoftLabels.read(List.of(none), LABELS))
        .isInstanceOf(TrainingException.class)
        .hasMessage("cannot read the soft labels %s: NoSuchFile. Check the file.", none);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"id\":\"a\"}                                           | it has the labels []",
        "{\"id\":\"a\",\"probabilities\":{\"good\":1,\"bad\":0}} | it has the labels [good, bad]",
        "{\"probabilities\":{\"negative\":1,\"positive\":0}}      | it has no id",
        "{\"id\":\"a\",\"probabilities\":{\"negative\":1,\"positive\":1}} | sum to 2.0",
        "{\"id\":\"a\",\"probabilities\":{\"negative\":2,\"positive\":-1}} | a probability is -1",
        "{\"id\":                                              | line 1 is no soft label",
      })
  void nameTheLineThatIsWrong(String line, String message) throws IOException {
    Path file = file(line);

    assertThatThrownBy(() -> SoftLabels.read(List.of(file), LABELS))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining(file + ", line 1")
        .hasMessageContaining(message);
  }

  @Test
  void nameAReviewOnce() throws IOException {
    String line = "{\"id\":\"a\",\"probabilities\":{\"negative\":1,\"positive\":0}}\n";
    Path file = file(line + line);

    assertThatThrownBy(() -> SoftLabels.read(List.of(file), LABELS))
        .isInstanceOf(TrainingException.class)
        .hasMessageContainingAll(file + ", line 2", "an earlier line has its id, a");
  }

  @Test
  void leaveNothingHalfWritten() throws IOException {
    Path file = folder.resolve("labels.jsonl");
    SoftLabels unwritable = new SoftLabels(LABELS, Map.of("a", new float[] {1}));

    assertThatThrownBy(() -> unwritable.write(file)).isInstanceOf(RuntimeException.class);

    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void mustBeOfTheSameReviews() throws IOException {
    Path one = folder.resolve("one.jsonl");
    new SoftLabels(LABELS, Map.of("a", new float[] {1, 0})).write(one);
    Path other = folder.resolve("other.jsonl");
    new SoftLabels(LABELS, Map.of("b", new float[] {1, 0})).write(other);

    assertThatThrownBy(() -> SoftLabels.read(List.of(one, other), LABELS))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("labels other reviews than");
    assertThatThrownBy(() -> SoftLabels.read(List.of(folder.resolve("none")), LABELS))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("cannot read the soft labels");
  }

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("written.jsonl"), text);
  }
}

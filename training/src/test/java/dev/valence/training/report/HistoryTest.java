package dev.valence.training.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {
  @TempDir private Path folder;

  @Test
  void readsBackWhatItAdded() throws IOException {
    EpochFigures first = languageModel(1, 5.5);
    EpochFigures second = new EpochFigures(2, 20, 0.4, 0.3, null, 0.93, 1e-3, 1234.5, 60.25, null);

    new History(folder).add(first);
    new History(folder).add(second);

    assertThat(new History(folder).read()).containsExactly(first, second);
  }

  @Test
  void readsBackALossThatNobodyKnows() throws IOException {
    EpochFigures figures = new EpochFigures(1, 10, Double.NaN, 5.5, 244.5, null, 0.003, 0, 0.1, 7L);

    new History(folder).add(figures);

    assertThat(new History(folder).read()).containsExactly(figures);
  }

  @Test
  void isATableThatOthersRead() throws IOException {
    new History(folder.resolve("new/run")).add(languageModel(1, 5.5));

    assertThat(folder.resolve("new/run/history.csv"))
        .content()
        .isEqualTo(
            "epoch,steps,training_loss,validation_loss,perplexity,accuracy,learning_rate,tokens_per_second,seconds,resident_bytes\n"
                + "1,10,5.0,5.5,244.5,,0.003,1000.0,60.0,4096\n");
  }

  @Test
  void holdsAnEpochOnceWhenItIsDoneAgain() throws IOException {
    History history = new History(folder);
    history.add(languageModel(1, 5.5));
    history.add(languageModel(2, 4.5));

    history.add(languageModel(2, 4.25));

    assertThat(history.read()).containsExactly(languageModel(1, 5.5), languageModel(2, 4.25));
  }

  @Test
  void beginsAnewWithARunThatBeginsAnew() throws IOException {
    History history = new History(folder);
    history.add(languageModel(1, 5.5));
    history.add(languageModel(2, 4.5));

    assertThat(history.add(languageModel(1, 5.25))).containsExactly(languageModel(1, 5.25));
  }

  @Test
  void goesOnWithWhatWasWrittenBeforeTheMemoryWas() throws IOException {
    Files.writeString(
        folder.resolve("history.csv"),
        "epoch,steps,training_loss,validation_loss,perplexity,accuracy,learning_rate,tokens_per_second,seconds\n"
            + "1,10,5.0,5.5,244.5,,0.003,1000.0,60.0\n");

    List<EpochFigures> epochs = new History(folder).add(languageModel(2, 4.5));

    assertThat(epochs).extracting(EpochFigures::residentBytes).containsExactly(null, 4096L);
    assertThat(epochs).extracting(EpochFigures::validationLoss).containsExactly(5.5, 4.5);
    assertThat(new History(folder).read()).isEqualTo(epochs);
  }

  @Test
  void leavesAFileThatIsNoHistoryAsItIs() throws IOException {
    Path file = Files.writeString(folder.resolve("history.csv"), "my,own,notes\n1,2,3\n");

    assertThatThrownBy(() -> new History(folder).add(languageModel(1, 5.5)))
        .isInstanceOf(IOException.class);
    assertThat(file).hasContent("my,own,notes\n1,2,3\n");
  }

  private static EpochFigures languageModel(int epoch, double loss) {
    return new EpochFigures(epoch, 10L * epoch, 5.0, loss, 244.5, null, 0.003, 1000.0, 60.0, 4096L);
  }
}

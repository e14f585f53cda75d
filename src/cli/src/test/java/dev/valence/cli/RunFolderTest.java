package dev.valence.cli;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.valence.training.Corpus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {

  @TempDir Path folder;

  @Test
  void saysWhyItCannotBeMade() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "");

    assertThatThrownBy(() -> new RunFolder(file).alone(() -> {}))
        .isInstanceOf(CommandFailedException.class)
        .hasMessage(
            "cannot make the folder %s: FileAlreadyExists. Name another one with --out.", file);
  }

  @Test
  void saysWhyItCannotBeWritten() throws Exception {
    Path lock = Files.createDirectory(folder.resolve(".lock"));

    assertThatThrownBy(() -> new RunFolder(folder).alone(() -> {}))
        .isInstanceOf(CommandFailedException.class)
        .hasMessage(
            "cannot write into %s: Is a directory: %s. Name another folder with --out.",
            folder, lock);
  }

  @Test
  void saysWhyItCannotKeepReviews() throws Exception {
    Files.createDirectories(folder.resolve("corpus.jsonl/in/the/way"));
    TopicCorpus.Read read = new TopicCorpus.Read(new Corpus(List.of()), List.of(), Map.of());

    assertThatThrownBy(() -> new CorpusSnapshot(folder).write(read, ""))
        .isInstanceOf(CommandFailedException.class)
        .hasMessage(
            "cannot write the reviews of the run in %s: DirectoryNotEmpty: %s. Make room, or name another --out.",
            folder, folder.resolve("corpus.jsonl"));
  }
}

package dev.valence.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StagedFilesTest {

  @TempDir private Path folder;

  @Test
  void leavesAllAsItWasWhenTheContentFails() throws IOException {
    write("old", "a", "b");

    assertThatThrownBy(
            () ->
                new StagedFiles(folder)
                    .replace(
                        staged -> {
                          Files.writeString(staged.resolve("a"), "new");
                          throw new IOException("the disk is full");
                        }))
        .hasMessage("the disk is full");
    new StagedFiles(folder).finish();

    assertContent("old");
  }

  @Test
  void finishesWhatWasStoppedBetweenTwoFiles() throws IOException {
    // A folder is no place for a file, wherever it comes in the order.
    for (String name : new String[] {"a", "b"}) {
      write("old", "a", "b");
      Path inTheWay = folder.resolve(name);
      Files.delete(inTheWay);
      Files.createDirectories(inTheWay.resolve("full"));
      assertThatThrownBy(() -> write("new", "a", "b")).isInstanceOf(IOException.class);
      StagedFiles.delete(inTheWay);

      new StagedFiles(folder).finish();

      assertContent("new");
    }
  }

  private void write(String content, String... names) throws IOException {
    new StagedFiles(folder)
        .replace(
            staged -> {
              for (String name : names) {
                Files.writeString(staged.resolve(name), content);
              }
            });
  }

  private void assertContent(String content) throws IOException {
    assertThat(folder.resolve("a")).hasContent(content);
    assertThat(folder.resolve("b")).hasContent(content);
    try (var files = Files.list(folder)) {
      assertThat(files).hasSize(2);
    }
  }
}

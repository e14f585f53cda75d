package dev.valence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadmeTest {
  private final Path readme = Path.of(System.getProperty("basedir", "."), "../../README.md");

  @Test
  void listsTheKeysAsTheyAre() throws IOException {
    String keys = Invocation.of("", "stream", "--list-keys").out().strip();

    assertThat(Files.readString(readme))
        .as("replace the tables by what './valence stream --list-keys' prints")
        .contains(keys);
  }

  @Test
  void closesTheLoopWithTheCommandsOfTheScript() throws IOException {
    String script =
        Files.readString(readme.resolveSibling("training/examples/close-the-loop.sh"))
            .replaceAll("\\s*\\\\\\n\\s*", " ");
    String section =
        Files.readString(readme)
            .split("### From corrections to a better model\n", 2)[1]
            .split("\n## ", 2)[0];
    List<String> commands =
        section.lines().filter(line -> line.startsWith("./valence ")).distinct().toList();

    assertThat(commands)
        .hasSizeGreaterThan(8)
        .allSatisfy(each -> assertThat(script).contains(each));
  }

  @Test
  void namesEveryCommand() throws IOException {
    assertThat(ValenceCommand.commandLine().getSubcommands().keySet())
        .allSatisfy(
            command -> assertThat(Files.readString(readme)).contains("./valence " + command));
  }
}

package dev.valence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReadmeTest {
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```[a-z]*\n(.*?)^```$");
  private static final Pattern COMMAND = Pattern.compile("(?m)^\\./valence (.*)$");
  private static final Pattern WORD = Pattern.compile("\"[^\"]*\"|\\S+");

  private final Path readme = Path.of(System.getProperty("basedir", "."), "../../README.md");

  @ParameterizedTest
  @ValueSource(strings = {"--list-keys", "--list-metrics"})
  void holdsTheReferencesAsTheyAre(String option) throws IOException {
    String reference = Invocation.of("", "stream", option).out().strip();

    assertThat(Files.readString(readme))
        .as("replace the tables by what './valence stream " + option + "' prints")
        .contains(reference);
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

  @ParameterizedTest
  @CsvSource({"README.md, 20", "training/README.md, 5", "src/bench/README.md, 1"})
  void showsCommandLinesThatValenceTakes(String file, int atLeast) throws IOException {
    List<String> lines =
        BLOCK
            .matcher(Files.readString(readme.resolveSibling(file)))
            .results()
            .map(block -> block.group(1).replace("\\\n", " ").replaceAll("(?m) +#.*$", ""))
            .flatMap(block -> COMMAND.matcher(block).results())
            .map(line -> line.group(1))
            .toList();

    assertThat(lines)
        .hasSizeGreaterThan(atLeast)
        .allSatisfy(line -> ValenceCommand.commandLine().parseArgs(words(line)));
  }

  private static String[] words(String line) {
    return WORD.matcher(line)
        .results()
        .map(MatchResult::group)
        .map(word -> word.replace("\"", ""))
        .toArray(String[]::new);
  }
}

package dev.valence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class ValenceCommandTest {

  @ParameterizedTest
  @MethodSource("commands")
  void explainsItself(List<String> command) {
    Invocation run = run(command, "--help");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).startsWith(("Usage: valence " + String.join(" ", command)).strip());
    assertThat(run.err()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void tellsItsVersion(List<String> command) {
    assertThat(run(command, "--version").out()).matches("valence \\d+\\.\\d+\\.\\d+\\S*\\R");
  }

  @ParameterizedTest
  @MethodSource("commands")
  void refusesAnUnknownOptionInOneLine(List<String> command) {
    Invocation run = run(command, "--nonsense");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.errLines()).hasSize(1);
  }

  @Test
  void refusesAMissingAndAnUnknownCommand() {
    assertThat(run(List.of()).exitCode()).isEqualTo(2);
    assertThat(run(List.of("nonsense")).exitCode()).isEqualTo(2);
  }

  @Test
  void showsAStackTraceOnlyWhenAsked() {
    Invocation plain = Invocation.of("", "score", "--model", "/nowhere");
    Invocation debug = Invocation.of("", "--debug", "score", "--model", "/nowhere");

    assertThat(plain.errLines()).hasSize(1);
    assertThat(debug.errLines()).hasSizeGreaterThan(2);
    assertThat(debug.err()).contains("\tat dev.valence.");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void saysThatItsOutputCouldNotBeWritten(@TempDir Path directory) throws Exception {
    Path err = directory.resolve("err.txt");
    Process help =
        new ChildJvm()
            .command("--help")
            .redirectOutput(new File("/dev/full"))
            .redirectError(err.toFile())
            .start();

    assertThat(help.waitFor()).isEqualTo(1);
    assertThat(err).content().startsWith("valence: cannot write to standard output: ");
  }

  static Stream<List<String>> commands() {
    return commandsBelow(ValenceCommand.commandLine(), List.of());
  }

  private static Stream<List<String>> commandsBelow(CommandLine command, List<String> path) {
    return Stream.concat(
        Stream.of(path),
        command.getSubcommands().entrySet().stream()
            .flatMap(
                entry -> {
                  List<String> longer = new ArrayList<>(path);
                  longer.add(entry.getKey());
                  return commandsBelow(entry.getValue(), longer);
                }));
  }

  private static Invocation run(List<String> command, String... more) {
    return Invocation.of(
        "", Stream.concat(command.stream(), Stream.of(more)).toArray(String[]::new));
  }
}

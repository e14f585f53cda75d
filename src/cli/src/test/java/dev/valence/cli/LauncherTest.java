package dev.valence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The script {@code valence} itself, among a Maven and a Java that only note what they are told.
 */
class LauncherTest {
  private static final List<String> TOOLS =
      List.of(
          "bash",
          "dirname",
          "find",
          "flock",
          "head",
          "mkdir",
          "readlink",
          "rm",
          "sed",
          "sleep",
          "touch");

  @TempDir Path directory;

  private final Map<String, String> environment = new HashMap<>();
  private Path home;
  private Path jdk;
  private Path tools;

  @BeforeEach
  void copyTheLauncher() throws IOException {
    home = directory.resolve("a clone of Valence");
    Files.createDirectories(home);
    Path launcher = Path.of(System.getProperty("basedir", "."), "../../valence");
    script(home.resolve("valence"), Files.readString(launcher));
    Files.writeString(home.resolve("pom.xml"), "<project/>");
    for (String room :
        List.of(
            "schemas", "training", "src/text", "src/model", "src/stream", "src/cli", "src/bench")) {
      Files.createDirectories(home.resolve(room).resolve("src/main/java"));
      Files.writeString(home.resolve(room).resolve("pom.xml"), "<project/>");
    }
    Files.writeString(source(), "class A {}");
    jdk = directory.resolve("jdk");
    script(jdk.resolve("bin/java"), "#!/usr/bin/env bash\nprintf '<%s>' \"$@\"\nexit 7\n");
    Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"17.0.15\"\n");
    tools = Files.createDirectory(directory.resolve("tools"));
    for (String tool : TOOLS) {
      script(tools.resolve(tool), "#!/bin/sh\nexec " + whereIs(tool) + " \"$@\"\n");
    }
    maven("echo once >> ../builds; sleep 0.2; echo jar > src/cli/target/valence.jar");
  }

  @Test
  void buildsOnceAndHandsEverythingToJava() throws Exception {
    Invocation first = valence("score", "--model", "my model");
    Invocation second = valence();

    assertThat(first.out())
        .isEqualTo("<-jar><%s><score><--model><my model>".formatted(jar().toRealPath()));
    assertThat(first.exitCode()).isEqualTo(7);
    assertThat(first.errLines().get(0)).startsWith("valence: building; the first time downloads");
    assertThat(first.errLines().get(1)).matches("valence: built in \\d+ s");
    assertThat(second.err()).isEmpty();
    assertThat(builds()).isEqualTo(1);
  }

  @Test
  void handsOnEveryOptionForJava() throws Exception {
    environment.put("VALENCE_JAVA_OPTS", " -Xmx4g  -Da=b\n-Dc=d ");

    assertThat(valence("score").out()).startsWith("<-Xmx4g><-Da=b><-Dc=d><-jar>");
  }

  /** As under cron; Java would read an id of other letters wrong. */
  @Test
  void readsArgumentsAsUtf8WhereTheLocaleKnowsAsciiOnly() throws Exception {
    script(jdk.resolve("bin/java"), "#!/usr/bin/env bash\nprintf '<%s>' \"${LC_ALL-}\"\n");
    script(tools.resolve("locale"), "#!/bin/sh\necho ANSI_X3.4-1968\n");
    assertThat(valence("score").out()).isEqualTo("<C.UTF-8>");

    script(tools.resolve("locale"), "#!/bin/sh\necho ISO-8859-1\n");
    assertThat(valence("score").out()).isEqualTo("<>");
  }

  @Test
  void buildsTheBenchmarksOnlyWhenTheyAreAskedFor() throws Exception {
    valence();
    maven(
        "echo once >> ../builds; echo \"$*\" > ../arguments; echo jar > src/bench/target/valence-bench.jar;"
            + " echo peers.jar > src/bench/target/classpath.txt");

    Invocation first = valence("bench", "--only", "d,e");
    Invocation second = valence("bench");
    Invocation other = valence("score");

    Path jar = home.toRealPath().resolve("src/bench/target/valence-bench.jar");
    assertThat(first.out())
        .isEqualTo("<-cp><%s:peers.jar><dev.valence.bench.Bench><bench><--only><d,e>", jar);
    assertThat(Files.readString(directory.resolve("arguments"))).contains("-pl src/bench -am");
    assertThat(second.err()).isEmpty();
    assertThat(other.err()).isEmpty();
    assertThat(builds()).isEqualTo(2);
  }

  @Test
  void buildsAgainWhenASourceChanges() throws Exception {
    valence();
    long hourAgo = Instant.now().minusSeconds(3600).toEpochMilli();
    age(FileTime.fromMillis(hourAgo));
    assertThat(valence().err()).isEmpty();

    Files.writeString(source(), "class B {}");
    Invocation changed = valence();
    Invocation same = valence();

    assertThat(changed.errLines().get(0))
        .isEqualTo("valence: building, since the sources changed ...");
    assertThat(same.err()).isEmpty();
    assertThat(builds()).isEqualTo(2);
  }

  @Test
  void buildsAgainWhenASourceIsDeleted() throws Exception {
    valence();
    age(FileTime.fromMillis(Instant.now().minusSeconds(3600).toEpochMilli()));

    Files.delete(source());
    valence();

    assertThat(builds()).isEqualTo(2);
  }

  @Test
  void buildsOnceForManyAtTheSameTime() throws Exception {
    List<Process> together = new ArrayList<>();
    for (int caller = 0; caller < 4; caller++) {
      together.add(start(directory, home.resolve("valence")));
    }
    for (Process caller : together) {
      assertThat(caller.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(caller.exitValue()).isEqualTo(7);
    }

    assertThat(builds()).isEqualTo(1);
  }

  @Test
  void worksThroughASymbolicLink() throws Exception {
    Path link =
        Files.createSymbolicLink(directory.resolve("v"), Path.of("a clone of Valence/valence"));

    Process process = start(Path.of("/"), link);

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(builds()).isEqualTo(1);
  }

  @Test
  void showsWhatTheBuildComplainsOf() throws Exception {
    maven("echo '[INFO] much'; echo '[ERROR] No space left on device'; exit 1");

    Invocation run = valence();

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.errLines().subList(1, 3))
        .containsExactly(
            "[ERROR] No space left on device",
            "valence: the build failed. Its whole output: "
                + home.toRealPath().resolve("src/cli/target/build.log"));
  }

  @Test
  void asksForMavenAndForJava() throws Exception {
    Files.delete(tools.resolve("mvn"));
    assertFailure(valence(), "valence: Valence is not built yet, and Maven was not found.");

    Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"11.0.2\"\n");
    assertFailure(valence(), "valence: Java 11 is too old: ");

    Files.delete(jdk.resolve("bin/java"));
    assertFailure(valence(), "valence: no Java found: ");
  }

  private static void assertFailure(Invocation run, String beginning) {
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.errLines()).singleElement().asString().startsWith(beginning);
  }

  private Invocation valence(String... arguments) throws IOException, InterruptedException {
    Process process = start(directory, home.resolve("valence"), arguments);
    String out = new String(process.getInputStream().readAllBytes());
    String err = new String(process.getErrorStream().readAllBytes());
    return new Invocation(process.waitFor(), out, err);
  }

  private Process start(Path from, Path launcher, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(launcher.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(from.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.environment().put("PATH", jdk.resolve("bin") + ":" + tools);
    return builder.start();
  }

  /** Everything was built and written long ago. */
  private void age(FileTime time) throws IOException {
    try (var files = Files.walk(home)) {
      for (Path file : files.toList()) {
        Files.setLastModifiedTime(file, time);
      }
    }
  }

  private Path source() {
    return home.resolve("src/text/src/main/java/A.java");
  }

  private Path jar() {
    return home.resolve("src/cli/target/valence.jar");
  }

  private long builds() throws IOException {
    try (var lines = Files.lines(directory.resolve("builds"))) {
      return lines.count();
    }
  }

  private void maven(String commands) throws IOException {
    script(tools.resolve("mvn"), "#!/usr/bin/env bash\n" + commands + "\n");
  }

  private static void script(Path file, String content) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static Path whereIs(String tool) {
    for (String place : List.of("/usr/bin", "/bin", "/usr/local/bin")) {
      if (Files.isExecutable(Path.of(place, tool))) {
        return Path.of(place, tool);
      }
    }
    throw new AssertionError(tool + " is not installed");
  }
}

package dev.valence.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class BenchTest {

  @Test
  @EnabledOnOs(OS.LINUX)
  void saysThatItsOutputCouldNotBeWritten(@TempDir Path directory) throws Exception {
    Path err = directory.resolve("err.txt");
    Process help =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Bench.class.getName(),
                "bench",
                "--help")
            .redirectOutput(new File("/dev/full"))
            .redirectError(err.toFile())
            .start();

    assertThat(help.waitFor()).isEqualTo(1);
    assertThat(err).content().startsWith("valence: cannot write to standard output: ");
  }
}

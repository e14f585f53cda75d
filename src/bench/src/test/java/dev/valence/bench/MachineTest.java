package dev.valence.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineTest {
  @TempDir Path core;

  @Test
  void coreWithoutCachesHidesThem() {
    assertThat(Machine.hidesCaches(core)).isTrue();
  }

  @Test
  void coreWithCachesDoesNotHideThem() throws Exception {
    Files.createDirectories(core.resolve("cache/index0"));

    assertThat(Machine.hidesCaches(core)).isFalse();
  }

  @Test
  void nothingIsSaidWhereTheSystemTellsNothingOfItsCores() {
    assertThat(Machine.hidesCaches(core.resolve("none"))).isFalse();
  }
}

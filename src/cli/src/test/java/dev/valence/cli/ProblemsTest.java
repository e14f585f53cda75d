package dev.valence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProblemsTest {

  @Test
  void showsTheFirstAndCountsAll() {
    List<String> shown = new ArrayList<>();
    Problems problems = new Problems(shown::add);

    for (int line = 1; line <= 30; line++) {
      problems.add("line " + line);
    }

    assertThat(problems.count()).isEqualTo(30);
    assertThat(shown)
        .hasSize(21)
        .startsWith("line 1")
        .endsWith("line 20", "... and more of the kind");
  }
}

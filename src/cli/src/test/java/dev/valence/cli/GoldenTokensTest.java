package dev.valence.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/**
 * Compares {@code valence tokenize} with what spaCy gave, on files that are not part of Valence:
 * name their folder with {@code -Dvalence.golden=DIR}.
 */
class GoldenTokensTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void givesSpacysTokensForReviews() throws IOException {
    try (InputStream reviews =
        new GZIPInputStream(Files.newInputStream(golden("reviews.jsonl.gz")))) {
      assertEqualTokens(reviews.readAllBytes(), "tokenize");
    }
  }

  @Test
  void givesSpacysTokensForNastyStringsAsTheyStand() throws IOException {
    assertEqualTokens(Files.readAllBytes(golden("nasty.jsonl")), "tokenize", "--verbatim");
  }

  private static Path golden(String name) {
    String folder = System.getProperty("valence.golden");
    assumeThat(folder).as("-Dvalence.golden=DIR names no golden files").isNotNull();
    return Path.of(folder, name);
  }

  private static void assertEqualTokens(byte[] golden, String... command) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Invocation run = Invocation.of(new ByteArrayInputStream(golden), out, command);
    assertThat(run.exitCode()).as(run.err()).isZero();
    Iterator<String> given = out.toString(StandardCharsets.UTF_8).lines().iterator();
    for (String line :
        (Iterable<String>) new String(golden, StandardCharsets.UTF_8).lines()::iterator) {
      JsonNode expected = JSON.readTree(line);
      JsonNode actual = JSON.readTree(given.next());
      assertThat(actual.path("id")).isEqualTo(expected.path("id"));
      assertThat(actual.path("tokens"))
          .as(expected.path("id").asText())
          .isEqualTo(expected.path("tokens"));
    }
    assertThat(given.hasNext()).isFalse();
  }
}

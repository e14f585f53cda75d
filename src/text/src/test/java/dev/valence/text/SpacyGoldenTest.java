package dev.valence.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/**
 * Equality with what spaCy gave on real reviews and on nasty strings. Needs the golden files, which
 * do not come with Valence: {@code mvn -pl src/text test -Dvalence.golden=DIRECTORY}. Each line is
 * {@code {"id", "text", "tokens"}}.
 */
class SpacyGoldenTest {

  private static final String GOLDEN = "valence.golden";

  private final SpacyTokenizer tokenizer = new SpacyTokenizer();

  @Test
  void equalsSpacyOnRealReviews() throws IOException {
    assertThat(differences("reviews.jsonl.gz", TextRules.seed()::rewrite)).isEmpty();
  }

  @Test
  void equalsSpacyOnNastyStrings() throws IOException {
    assertThat(differences("nasty.jsonl", text -> text)).isEmpty();
  }

  private List<String> differences(String file, UnaryOperator<String> normaliser)
      throws IOException {
    String directory = System.getProperty(GOLDEN);
    assumeThat(directory)
        .as("golden files are looked for where -D" + GOLDEN + " says, which is not set")
        .isNotNull();
    ObjectMapper json = new ObjectMapper();
    List<String> differences = new ArrayList<>();
    int texts = 0;
    try (var lines = json.readerFor(JsonNode.class).<JsonNode>readValues(open(directory, file))) {
      while (lines.hasNext()) {
        JsonNode line = lines.next();
        texts++;
        List<String> expected = new ArrayList<>();
        line.get("tokens").forEach(token -> expected.add(token.asText()));
        List<String> tokens =
            tokenizer.tokenize(normaliser.apply(line.get("text").asText())).stream()
                .map(Token::text)
                .toList();
        if (!tokens.equals(expected)) {
          differences.add(line.get("id").asText());
        }
      }
    }
    assertThat(texts).as("texts in " + file).isPositive();
    return differences;
  }

  private static InputStream open(String directory, String file) throws IOException {
    InputStream stream = Files.newInputStream(Path.of(directory, file));
    return file.endsWith(".gz") ? new GZIPInputStream(stream) : stream;
  }
}

package dev.valence.training;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.valence.text.TextRules;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenCacheTest {
  private static final Corpus CORPUS =
      new Corpus(
          List.of(
              new Document("1", "A film. A film, 日本 \ud83d\ude00 \ud83d!", null, "1"),
              new Document("2", " ", null, "2"),
              new Document("3", Synthetic.reviews(300, 1).documents().toString(), null, "3")));

  @TempDir private Path folder;
  private final ByteArrayOutputStream told = new ByteArrayOutputStream();
  private final Progress progress = new Progress(new PrintStream(told, true, UTF_8), false);

  @Test
  void givesTheSameTokensWithoutCuttingAgain() throws IOException {
    TokenisedCorpus first = tokens(CORPUS, TextRules.seed());
    assertThat(told.toString(UTF_8)).isEmpty();
    Path file = onlyFile();

    TokenisedCorpus second = tokens(CORPUS, TextRules.seed());

    assertThat(told.toString(UTF_8)).contains("tokens from " + file);
    assertSame(second, first);
    assertSame(second, TokenisedCorpus.of(CORPUS, TextRules.seed()));
  }

  @Test
  void tellsTextsAndRulesApart() throws IOException {
    tokens(CORPUS, TextRules.seed());

    TokenisedCorpus others = tokens(CORPUS, TextRules.fastai());
    TokenisedCorpus more = tokens(Synthetic.reviews(3, 1), TextRules.seed());

    assertSame(others, TokenisedCorpus.of(CORPUS, TextRules.fastai()));
    assertThat(more.documents()).hasSize(3);
    assertThat(files()).hasSize(3);
    assertThat(told.toString(UTF_8)).isEmpty();
  }

  @Test
  void makesADamagedFileAnew() throws IOException {
    TokenisedCorpus right = tokens(CORPUS, TextRules.seed());
    Path file = onlyFile();
    byte[] whole = Files.readAllBytes(file);
    byte[] flipped = whole.clone();
    flipped[whole.length / 2] ^= 1;

    for (byte[] damaged :
        List.of(
            new byte[0],
            Arrays.copyOf(whole, 40),
            Arrays.copyOf(whole, whole.length - 1),
            Arrays.copyOf(whole, whole.length + 1),
            flipped)) {
      Files.write(file, damaged);

      assertSame(tokens(CORPUS, TextRules.seed()), right);
      assertThat(file).hasBinaryContent(whole);
    }
    assertThat(told.toString(UTF_8)).isEmpty();
  }

  @Test
  void doesNotTakeTheTokensOfAnotherCorpus() throws IOException {
    TokenisedCorpus right = tokens(CORPUS, TextRules.seed());
    Path file = onlyFile();
    byte[] whole = Files.readAllBytes(file);
    tokens(Synthetic.reviews(3, 1), TextRules.seed());
    Path other = files().stream().filter(each -> !each.equals(file)).findFirst().orElseThrow();
    Files.write(file, Files.readAllBytes(other));

    assertSame(tokens(CORPUS, TextRules.seed()), right);
    assertThat(file).hasBinaryContent(whole);
  }

  @Test
  void goesOnWhenNothingCanBeKept() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "no folder");

    TokenisedCorpus tokens =
        new TokenCache(file.resolve("tokens"), progress).tokens(CORPUS, TextRules.seed());

    assertSame(tokens, TokenisedCorpus.of(CORPUS, TextRules.seed()));
    assertThat(told.toString(UTF_8)).contains("cannot be kept in " + file.resolve("tokens"));
  }

  @Test
  void dropsWhatNoRunHasReadForLong() throws IOException {
    tokens(CORPUS, TextRules.seed());
    Path used = onlyFile();
    tokens(Synthetic.reviews(3, 1), TextRules.seed());
    FileTime longAgo = FileTime.from(Instant.now().minus(Duration.ofDays(31)));
    for (Path file : files()) {
      Files.setLastModifiedTime(file, longAgo);
    }
    tokens(CORPUS, TextRules.seed());

    tokens(Synthetic.reviews(4, 1), TextRules.seed());

    assertThat(files()).hasSize(2).contains(used);
  }

  private TokenisedCorpus tokens(Corpus corpus, TextRules rules) {
    return new TokenCache(folder.resolve("tokens"), progress).tokens(corpus, rules);
  }

  private Path onlyFile() throws IOException {
    assertThat(files()).hasSize(1);
    return files().get(0);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> listed = Files.list(folder.resolve("tokens"))) {
      return listed.toList();
    }
  }

  private static void assertSame(TokenisedCorpus actual, TokenisedCorpus expected) {
    assertThat(actual.words()).isEqualTo(expected.words());
    assertThat(actual.documents()).containsExactlyElementsOf(expected.documents());
  }
}

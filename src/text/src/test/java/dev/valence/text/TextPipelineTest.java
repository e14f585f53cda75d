package dev.valence.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import net.jqwik.api.lifecycle.BeforeProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextPipelineTest {

  private static final List<String> TOKENS =
      List.of("<unk>", "<pad>", "<bos>", "the", "film", "is", "n't", "good", ".", "\n");

  private TextPipeline pipeline;

  @BeforeEach
  @BeforeProperty
  void createPipeline() {
    pipeline = new TextPipeline(TextRules.seed(), Vocabulary.of(TOKENS), Truncation.DEFAULT);
  }

  @Test
  void encodesLowerCasedTokensBehindTheBeginToken() {
    assertThat(pipeline.encode("The film ISN'T good."))
        .isEqualTo(new EncodedReview(new int[] {2, 3, 4, 0, 7, 8}, 5, 1, false));
    assertThat(pipeline.encode("Isn't<BR/>the\tfilm"))
        .isEqualTo(new EncodedReview(new int[] {2, 5, 6, 9, 3, 0, 4}, 6, 1, false));
  }

  @Test
  void leavesOnlyTheBeginTokenOfABlankText() {
    for (String blank : List.of("", " ", " \n\t ", "\u00A0\u0085", "<br /><br />")) {
      assertThat(pipeline.encode(blank))
          .as("\"%s\"", blank)
          .isEqualTo(new EncodedReview(new int[] {2}, 0, 0, false));
    }
  }

  @Test
  void dropsTheMiddleOfLongReviewsAndSaysSo() {
    TextPipeline strict =
        new TextPipeline(TextRules.seed(), Vocabulary.of(TOKENS), new Truncation(1_000, 4));

    assertThat(strict.encode("the film is good"))
        .isEqualTo(new EncodedReview(new int[] {2, 3, 4, 5, 7}, 4, 0, false));
    assertThat(strict.encode("the film is bad good."))
        .isEqualTo(new EncodedReview(new int[] {2, 3, 4, 7, 8}, 4, 0, true));
  }

  @Test
  void truncatesTenMegabytes() {
    EncodedReview review = pipeline.encode("The film isn't good. ".repeat(500_000));

    assertThat(review.truncated()).isTrue();
    assertThat(review.tokens()).isEqualTo(2_000);
    assertThat(review.ids()).hasSize(2_001).startsWith(2, 3, 4, 5, 6, 7, 8);
  }

  @Test
  void loadsWhatItSaved(@TempDir Path assets) throws IOException {
    for (TextRules rules : List.of(TextRules.seed(), TextRules.fastai())) {
      TextPipeline saved = new TextPipeline(rules, Vocabulary.of(TOKENS), new Truncation(500, 50));
      saved.save(assets);

      TextPipeline loaded = TextPipeline.load(assets);

      assertThat(loaded.rules()).isEqualTo(rules);
      assertThat(loaded.vocabulary()).isEqualTo(saved.vocabulary());
      assertThat(loaded.truncation()).isEqualTo(saved.truncation());
    }
  }

  @Test
  void writesAReadableSpecification(@TempDir Path assets) throws IOException {
    pipeline.save(assets);

    assertThat(Files.readString(assets.resolve("text-pipeline.json")))
        .isEqualToNormalizingNewlines(
            """
            {
              "format" : 1,
              "normaliser" : [ "html_line_breaks" ],
              "tokenizer" : {
                "name" : "spacy-en",
                "version" : "3.8"
              },
              "tokenRules" : [ ],
              "casing" : "lower",
              "specialTokens" : {
                "unknown" : "<unk>",
                "padding" : "<pad>",
                "begin" : "<bos>"
              },
              "truncation" : {
                "maxCharacters" : 200000,
                "maxTokens" : 2000
              }
            }
            """);
  }

  @Test
  void refusesASpecificationItCannotHonour(@TempDir Path assets) throws IOException {
    pipeline.save(assets);
    String good = Files.readString(assets.resolve("text-pipeline.json"));

    assertRefused(assets, good.replace("3.8", "4.0"), "asks for another tokenizer: spacy-en 4.0");
    assertRefused(assets, good.replace(": 1,", ": 2,"), "asks for another format: 2");
    assertRefused(assets, good.replace("<bos>", "xxbos"), "asks for other special tokens");
    assertRefused(assets, good.replace("html_line_breaks", "stem"), "stem");
    assertRefused(assets, good.replace("\"lower\"", "\"upper\""), "upper");
    assertRefused(assets, good.replace("200000", "1"), "maxCharacters is too small: 1");
    assertRefused(assets, good.replace("casing", "kasing"), "is not a text pipeline");
    assertRefused(assets, good + "}", "is not a text pipeline");
    assertRefused(assets, "", "is not a text pipeline");
    assertRefused(assets, "[1]", "is not a text pipeline");
    assertRefused(assets, "null", "is not a text pipeline");
  }

  @Test
  void namesAMissingFile(@TempDir Path assets) throws IOException {
    assertThatIOException()
        .isThrownBy(() -> TextPipeline.load(assets))
        .withMessage(
            "the text pipeline is missing: %s. Export the model again.",
            assets.resolve("text-pipeline.json"));
    pipeline.save(assets);
    Files.delete(assets.resolve("vocabulary.txt"));
    assertThatIOException()
        .isThrownBy(() -> TextPipeline.load(assets))
        .withMessageContaining("the vocabulary is missing");
  }

  @Test
  void createsTheDirectoryItSavesTo(@TempDir Path directory) throws IOException {
    pipeline.save(directory.resolve("new/assets"));

    assertThat(TextPipeline.load(directory.resolve("new/assets")).rules())
        .isEqualTo(pipeline.rules());
  }

  @Test
  void saysWhereItCannotSave(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("assets"), "not a directory");

    assertThatIOException()
        .isThrownBy(() -> pipeline.save(file))
        .withMessageStartingWith("the vocabulary cannot be written: ")
        .withMessageContaining(file.toString());
  }

  @Property(tries = 200)
  void encodesAlikeEachTimeAndOnEachThread(@ForAll @StringLength(max = 80) String text) {
    EncodedReview once = pipeline.encode(text);

    assertThat(once.ids()).hasSize(once.tokens() + 1).startsWith(Vocabulary.BEGIN_ID);
    assertThat(IntStream.range(0, 8).parallel().mapToObj(i -> pipeline.encode(text)))
        .allMatch(once::equals);
  }

  @Property(tries = 200)
  void staysWithinItsBounds(
      @ForAll @StringLength(max = 80) String text,
      @ForAll @IntRange(min = 3, max = 30) int maxCharacters,
      @ForAll @IntRange(min = 2, max = 10) int maxTokens) {
    EncodedReview review =
        new TextPipeline(
                TextRules.seed(), Vocabulary.of(TOKENS), new Truncation(maxCharacters, maxTokens))
            .encode(text);

    assertThat(review.tokens()).isBetween(0, Math.min(maxTokens, maxCharacters));
    assertThat(review.unknownTokens()).isBetween(0, review.tokens());
    if (text.length() > maxCharacters) {
      assertThat(review.truncated()).isTrue();
    }
  }

  private static void assertRefused(Path assets, String specification, String message)
      throws IOException {
    Path file = Files.writeString(assets.resolve("text-pipeline.json"), specification);
    assertThatIOException()
        .isThrownBy(() -> TextPipeline.load(assets))
        .withMessageStartingWith(file.toString())
        .withMessageContaining(message)
        .withMessageNotContaining("\n");
  }
}

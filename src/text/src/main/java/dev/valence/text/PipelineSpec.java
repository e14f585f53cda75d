package dev.valence.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * {@code text-pipeline.json}: all of a pipeline but its vocabulary.
 *
 * @param format version of this file's layout
 * @param normaliser rewritings of the raw text, in order
 * @param tokenizer what cuts the tokens
 * @param tokenRules rewritings of the tokens, in order
 * @param casing what becomes of capitals after that
 * @param specialTokens the tokens with the ids 0, 1 and 2
 * @param truncation what is kept of a long review
 */
record PipelineSpec(
    int format,
    List<TextRule> normaliser,
    TokenizerName tokenizer,
    List<TokenRule> tokenRules,
    Casing casing,
    SpecialTokens specialTokens,
    Truncation truncation) {

  private static final int FORMAT = 1;
  private static final TokenizerName SPACY =
      new TokenizerName(SpacyTokenizer.NAME, SpacyTokenizer.VERSION);
  private static final SpecialTokens SPECIALS =
      new SpecialTokens(Vocabulary.UNKNOWN, Vocabulary.PADDING, Vocabulary.BEGIN);
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .build();

  record TokenizerName(String name, String version) {
    @Override
    public String toString() {
      return name + " " + version;
    }
  }

  record SpecialTokens(String unknown, String padding, String begin) {
    @Override
    public String toString() {
      return unknown + " " + padding + " " + begin;
    }
  }

  static PipelineSpec of(TextRules rules, Truncation truncation) {
    return new PipelineSpec(
        FORMAT, rules.textRules(), SPACY, rules.tokenRules(), rules.casing(), SPECIALS, truncation);
  }

  TextRules rules() {
    return new TextRules(normaliser, tokenRules, casing);
  }

  void save(Path file) throws IOException {
    file(file).write(JSON.writeValueAsString(this) + "\n");
  }

  static PipelineSpec load(Path file) throws IOException {
    try {
      JsonNode json = JSON.readTree(file(file).read());
      if (!json.path("format").isInt()) {
        throw new IOException(
            file + " is not a text pipeline: it has no format. Export the model again.");
      }
      require(file, "another format", FORMAT, json.get("format").intValue());
      PipelineSpec spec = JSON.treeToValue(json, PipelineSpec.class);
      require(file, "another tokenizer", SPACY, spec.tokenizer);
      require(file, "other special tokens", SPECIALS, spec.specialTokens);
      return spec;
    } catch (JsonProcessingException e) {
      String reason = e.getOriginalMessage().lines().findFirst().orElse("unreadable");
      throw new IOException(
          file + " is not a text pipeline: " + reason + " Export the model again.", e);
    }
  }

  private static AssetFile file(Path path) {
    return new AssetFile("the text pipeline", path);
  }

  private static void require(Path file, String what, Object expected, Object found)
      throws IOException {
    if (!expected.equals(found)) {
      throw new IOException(
          file
              + " asks for "
              + what
              + ": "
              + found
              + ". This version of Valence has "
              + expected
              + "; use the version that exported the model, or export it again.");
    }
  }
}

package dev.valence.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
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
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .build();

  record TokenizerName(String name, String version) {}

  record SpecialTokens(String unknown, String padding, String begin) {}

  static PipelineSpec of(TextRules rules, Truncation truncation) {
    return new PipelineSpec(
        FORMAT, rules.textRules(), SPACY, rules.tokenRules(), rules.casing(), SPECIALS, truncation);
  }

  TextRules rules() {
    return new TextRules(normaliser, tokenRules, casing);
  }

  void save(Path file) throws IOException {
    Files.writeString(file, JSON.writeValueAsString(this) + "\n");
  }

  static PipelineSpec load(Path file) throws IOException {
    PipelineSpec spec;
    try {
      spec = JSON.readValue(Files.readAllBytes(file), PipelineSpec.class);
    } catch (NoSuchFileException e) {
      throw new IOException(
          "the text pipeline is missing: " + file + ". Export the model again.", e);
    } catch (JsonProcessingException e) {
      throw new IOException(
          file + " is not a text pipeline: " + e.getOriginalMessage() + ". Export the model again.",
          e);
    }
    spec.require(file, "format", FORMAT, spec.format);
    spec.require(file, "tokenizer", SPACY, spec.tokenizer);
    spec.require(file, "specialTokens", SPECIALS, spec.specialTokens);
    return spec;
  }

  private void require(Path file, String field, Object expected, Object found) throws IOException {
    if (!expected.equals(found)) {
      throw new IOException(
          file
              + " asks for another "
              + field
              + ": "
              + found
              + ". This version of Valence has "
              + expected
              + "; use the version that exported the model, or export it again.");
    }
  }
}

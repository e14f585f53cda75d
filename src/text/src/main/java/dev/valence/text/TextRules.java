package dev.valence.text;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * How a text becomes tokens. What cuts them is {@link SpacyTokenizer}.
 *
 * @param textRules rewritings of the raw text, in the order they are applied
 * @param tokenRules rewritings of each token, in the order they are applied
 * @param casing what becomes of capitals after that
 */
public record TextRules(List<TextRule> textRules, List<TokenRule> tokenRules, Casing casing) {

  private static final SpacyTokenizer TOKENIZER = new SpacyTokenizer();

  public TextRules {
    textRules = List.copyOf(textRules);
    tokenRules = List.copyOf(tokenRules);
  }

  /** HTML line breaks become newlines, tokens lower case: the rules of the seed model. */
  public static TextRules seed() {
    return new TextRules(List.of(TextRule.HTML_LINE_BREAKS), List.of(), Casing.LOWER);
  }

  /**
   * The defaults of fastai 2, in its order: {@code defaults.text_proc_rules} and {@code
   * defaults.text_postproc_rules}.
   */
  public static TextRules fastai() {
    return new TextRules(
        List.of(
            TextRule.FIX_HTML,
            TextRule.REPLACE_REP,
            TextRule.REPLACE_WREP,
            TextRule.SPEC_ADD_SPACES,
            TextRule.RM_USELESS_SPACES,
            TextRule.REPLACE_ALL_CAPS,
            TextRule.REPLACE_MAJ,
            TextRule.LOWERCASE),
        List.of(TokenRule.REPLACE_SPACE),
        Casing.KEEP);
  }

  /** The text after the rewritings and before it is cut into tokens. */
  public String rewrite(String text) {
    String rewritten = text;
    for (TextRule rule : textRules) {
      rewritten = rule.apply(rewritten);
    }
    return rewritten;
  }

  /** All tokens of a text, however long; none if it is blank. */
  public List<String> tokens(String text) {
    String rewritten = rewrite(text);
    if (WhiteSpace.isBlank(rewritten)) {
      return List.of();
    }
    List<String> tokens = new ArrayList<>();
    TOKENIZER.tokenize(rewritten).forEach(token -> tokens.add(token.text()));
    for (TokenRule rule : tokenRules) {
      List<String> before = List.copyOf(tokens);
      tokens.clear();
      before.forEach(token -> tokens.addAll(rule.apply(token)));
    }
    tokens.replaceAll(casing::apply);
    return Collections.unmodifiableList(tokens);
  }
}

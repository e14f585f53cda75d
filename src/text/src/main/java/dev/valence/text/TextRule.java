package dev.valence.text;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * A rewriting of the raw text, before it is cut into tokens. All but the first do what the function
 * of that name in fastai 2 does ({@code fastai/text/core.py}, Apache-2.0). Each takes time linear
 * in the text's length.
 */
public enum TextRule {
  /** {@code <br />} and its kin, in any case, become a newline. */
  @JsonProperty("html_line_breaks")
  HTML_LINE_BREAKS(new RegexRule("(?i)<[\\s]*+br[\\s]*+/?>", "\n")),

  /** Leftovers of HTML and of data sets made from it become what they stood for. */
  @JsonProperty("fix_html")
  FIX_HTML(new HtmlRepair()),

  /** Three or more times the same character: {@code cccc} becomes {@code xxrep 4 c}. */
  @JsonProperty("replace_rep")
  REPLACE_REP(new RepeatedCharacters()),

  /** Three or more times the same word: {@code so so so} becomes {@code xxwrep 3 so}. */
  @JsonProperty("replace_wrep")
  REPLACE_WREP(new RepeatedWords()),

  /** Blanks around {@code /}, {@code #} and the backslash. */
  @JsonProperty("spec_add_spaces")
  SPEC_ADD_SPACES(new RegexRule("([/#\\\\])", " $1 ")),

  /** Several blanks become one. */
  @JsonProperty("rm_useless_spaces")
  RM_USELESS_SPACES(new RegexRule(" {2,}+", " ")),

  /** Words without small letters: {@code GREAT} becomes {@code xxup great}. */
  @JsonProperty("replace_all_caps")
  REPLACE_ALL_CAPS(new MarkedCapitals("[A-Z]++[^a-z\\s]*+", "xxup")),

  /** Words with a capital at the beginning only: {@code Great} becomes {@code xxmaj great}. */
  @JsonProperty("replace_maj")
  REPLACE_MAJ(new MarkedCapitals("[A-Z][^A-Z\\s]*+", "xxmaj")),

  /**
   * Lower case, and no white space at either end. The begin marker that fastai adds here is the
   * pipeline's: {@link Vocabulary#BEGIN}.
   */
  @JsonProperty("lowercase")
  LOWERCASE(text -> WhiteSpace.strip(text.toLowerCase(Locale.ROOT)));

  private final UnaryOperator<String> rewriting;

  TextRule(UnaryOperator<String> rewriting) {
    this.rewriting = rewriting;
  }

  String apply(String text) {
    return rewriting.apply(text);
  }
}

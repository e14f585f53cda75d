package dev.valence.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Expectations are what fastai's functions of the same names give. */
class TextRulesTest {

  @Test
  void turnsLineBreaksOfHtmlIntoNewlines() {
    assertRewrites(TextRule.HTML_LINE_BREAKS, "a<br /><BR>b<br/>< br\u00A0>c", "a\n\nb\n\nc");
    assertRewrites(TextRule.HTML_LINE_BREAKS, "<\u001Cbr\u0085/>", "\n");
    assertRewrites(TextRule.HTML_LINE_BREAKS, "<br / > <brr> <br", "<br / > <brr> <br");
  }

  @Test
  void repairsLeftoversOfHtml() {
    assertRewrites(TextRule.FIX_HTML, "it#39;s 5amp;10 nbsp;#36;3", "it's 5&10  $3");
    assertRewrites(TextRule.FIX_HTML, "quot;hiquot;<br />\\\"x\\\"\\n", "'hi'\n\"x\"\n");
    assertRewrites(TextRule.FIX_HTML, "1 @.@ 5 a @-@ b <unk>...", "1.5 a-b xxunk …");
  }

  @Test
  void resolvesCharacterReferences() {
    assertRewrites(TextRule.FIX_HTML, "&eacute;&#233;&#xE9;&#XE9&eacute", "ééééé");
    assertRewrites(
        TextRule.FIX_HTML, "&notit; &notin; &unknown; & &; &lt;3", "¬it; ∉ &unknown; & &; <3");
    assertRewrites(
        TextRule.FIX_HTML, "&#150;&#0;&#xD800;&#99999999999;&#1;&#xFFFF;", "–\uFFFD\uFFFD\uFFFD");
    assertRewrites(TextRule.FIX_HTML, "&#128512;&NotEqualTilde;", "😀≂̸");
  }

  @Test
  void countsRepeatedCharacters() {
    assertRewrites(TextRule.REPLACE_REP, "sooo good!!!!", "s xxrep 3 o  good xxrep 4 ! ");
    assertRewrites(TextRule.REPLACE_REP, "soo   😀😀😀", "soo    xxrep 3 😀 ");
  }

  @Test
  void countsRepeatedWords() {
    assertRewrites(TextRule.REPLACE_WREP, "so so so good", " xxwrep 3 so  good");
    assertRewrites(TextRule.REPLACE_WREP, "a very very  very\nvery!", "a xxwrep 4 very !");
    assertRewrites(TextRule.REPLACE_WREP, "ha ha hah ha ha", "ha ha hah ha ha");
    assertRewrites(TextRule.REPLACE_WREP, "ha ha ha hah", " xxwrep 3 ha  hah");
    assertRewrites(TextRule.REPLACE_WREP, "a a a b b b", " xxwrep 3 a  b b b");
  }

  @Test
  void setsBlanks() {
    assertRewrites(TextRule.SPEC_ADD_SPACES, "and/or #1 \\", "and / or  # 1  \\ ");
    assertRewrites(TextRule.RM_USELESS_SPACES, "a  b   c\n\nd ", "a b c\n\nd ");
  }

  @Test
  void marksCapitals() {
    assertRewrites(
        TextRule.REPLACE_ALL_CAPS,
        "I LOVE IT! U.S. McX ÉTÉ",
        "i xxup love xxup it! xxup u.s. McX ÉTÉ");
    assertRewrites(
        TextRule.REPLACE_MAJ, "Great Film I saw McX Élan", "xxmaj great xxmaj film i saw McX Élan");
    assertRewrites(TextRule.LOWERCASE, "\u00A0 GREAT Ärger\n", "great ärger");
  }

  @Test
  void marksCapitalsOfTokensAsFastaiOneDoes() {
    TextRules rules =
        new TextRules(
            List.of(), List.of(TokenRule.REPLACE_ALL_CAPS, TokenRule.DEAL_CAPS), Casing.KEEP);

    assertThat(rules.tokens("I LOVE Paris, McX and U.S. ǅ"))
        .containsExactly(
            "i", "xxup", "love", "xxmaj", "paris", ",", "mcx", "and", "xxup", "u.s.", "ǆ");
  }

  @Test
  void cutsAndLowerCasesInTheSeed() {
    assertThat(TextRules.seed().tokens("GREAT Film!!!<br />So so so &amp; more"))
        .containsExactly(
            "great", "film", "!", "!", "!", "\n", "so", "so", "so", "&", "amp", ";", "more");
  }

  @Test
  void appliesAllOfFastaisDefaults() {
    assertThat(TextRules.fastai().tokens("GREAT Film!!!<br />So so so &eacute; more"))
        .containsExactly(
            "xxup", "great", "xxmaj", "film", "xxrep", "3", "!", "\n", "xxmaj", "so", "so", "so",
            "é", "more");
  }

  private static void assertRewrites(TextRule rule, String text, String expected) {
    assertThat(new TextRules(List.of(rule), List.of(), Casing.KEEP).rewrite(text))
        .isEqualTo(expected);
  }
}

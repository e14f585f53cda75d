package dev.valence.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Expectations are what spaCy 3.8.16's {@code spacy.blank("en")} gives for the same strings. */
class SpacyTokenizerTest {

  private final SpacyTokenizer tokenizer = new SpacyTokenizer();

  @Test
  void splitsContractionsAtTheirSeam() {
    assertTokens(
        "I don't think she'd've gone.", "I", "do", "n't", "think", "she", "'d", "'ve", "gone", ".");
    assertTokens(
        "Can't, won’t, cannot, gonna",
        "Ca",
        "n't",
        ",",
        "wo",
        "n’t",
        ",",
        "can",
        "not",
        ",",
        "gon",
        "na");
    assertTokens(
        "y'all how'd'y c'mon let's", "y'", "all", "how", "'d", "'y", "c'm", "on", "let", "'s");
    assertTokens("Im youre theyll dont", "I", "m", "you", "re", "they", "ll", "do", "nt");
    assertTokens("the dogs' owner's dog", "the", "dogs", "'", "owner", "'s", "dog");
  }

  @Test
  void keepsWordsThatOnlyLookLikeContractions() {
    assertTokens("well hell shed its were ill", "well", "hell", "shed", "its", "were", "ill");
    assertTokens("DON'T Don't dOn't", "DON'T", "Do", "n't", "dOn't");
    assertTokens(
        "ma'am o'clock 'em ol' rock'n'roll", "ma'am", "o'clock", "'em", "ol'", "rock'n'roll");
  }

  @Test
  void looksForContractionsOnlyInWholeWords() {
    assertTokens("(don't)", "(", "do", "n't", ")");
    assertTokens("No--don't", "No", "--", "don't");
    assertTokens("\"isn't\"", "\"", "is", "n't", "\"");
  }

  @Test
  void takesAffixesOffFromTheOutside() {
    assertTokens("(\"Really?!\")...", "(", "\"", "Really", "?", "!", "\"", ")", "...");
    assertTokens("[[nested]]", "[", "[", "nested", "]", "]");
    assertTokens("<br/>", "<", "br/", ">");
    assertTokens(
        "$12.50 US$5 C$3 £1m €20", "$", "12.50", "US$", "5", "C$", "3", "£", "1", "m", "€", "20");
    assertTokens("+1 +a ++", "+1", "+", "a", "+", "+");
    assertTokens(
        "#1 50% 5°C. 20km/h 3kg.",
        "#", "1", "50", "%", "5", "°", "C", ".", "20", "km/h", "3", "kg", ".");
  }

  @Test
  void treatsFullStopsByWhatStandsBefore() {
    assertTokens(
        "It ended. U.S.A. J.R. Mr. etc. 5.",
        "It",
        "ended",
        ".",
        "U.S.A.",
        "J.R.",
        "Mr.",
        "etc",
        ".",
        "5",
        ".");
    assertTokens("at 7a.m. on Jan. 3rd", "at", "7", "a.m.", "on", "Jan.", "3rd");
    assertTokens("Wait... what.. no…", "Wait", "...", "what", "..", "no", "…");
    assertTokens("WHO. Who. who.Who WHO.who", "WHO", ".", "Who", ".", "who", ".", "Who", "WHO.who");
    assertTokens("A. Z. ä. Ä.", "A.", "Z.", "ä.", "Ä.");
  }

  @Test
  void splitsAtInfixes() {
    assertTokens(
        "well-made half--baked mother-in-law",
        "well",
        "-",
        "made",
        "half",
        "--",
        "baked",
        "mother",
        "-",
        "in",
        "-",
        "law");
    assertTokens("yes,no a,b 1,2 1,a", "yes", ",", "no", "a", ",", "b", "1,2", "1,a");
    assertTokens(
        "3-4 3-D 10-year 1--2 2*3 2^-3 1+1",
        "3",
        "-",
        "4",
        "3",
        "-",
        "D",
        "10",
        "-",
        "year",
        "1",
        "-",
        "-2",
        "2",
        "*",
        "3",
        "2",
        "^",
        "-3",
        "1",
        "+",
        "1");
    assertTokens(
        "and/or he/she 9/10 a:b a=b",
        "and/or",
        "he",
        "/",
        "she",
        "9/10",
        "a",
        ":",
        "b",
        "a",
        "=",
        "b");
    assertTokens("one...two one…two", "one", "...", "two", "one", "…", "two");
    assertTokens("snake_case C++ F#", "snake_case", "C++", "F", "#");
  }

  @Test
  void keepsUrlsWhole() {
    assertTokens(
        "See http://www.example.com/a?b=c#d.", "See", "http://www.example.com/a?b=c#d", ".");
    assertTokens("(www.imdb.com)", "(", "www.imdb.com", ")");
    assertTokens("mail me@example.org, now", "mail", "me@example.org", ",", "now");
    assertTokens("8.8.8.8 10.0.0.1", "8.8.8.8", "10.0.0.1");
    assertTokens(
        "http://8.8.8.8:80/a-b http://10.0.0.1/a-b",
        "http://8.8.8.8:80/a-b",
        "http://10.0.0.1",
        "/",
        "a",
        "-",
        "b");
    assertTokens("ftp://a.b-c.museum:8080 a.b-.com", "ftp://a.b-c.museum:8080", "a.b-.com");
    assertTokens("http://localhost/a-b", "http://localhost", "/", "a", "-", "b");
    assertTokens("film.It film.it-was", "film", ".", "It", "film.it", "-", "was");
  }

  @Test
  void keepsEmoticons() {
    assertTokens("Great :) :-( ;D <3 ^_^ o.O", "Great", ":)", ":-(", ";D", "<3", "^_^", "o.O");
    assertTokens("good:) (good:))", "good", ":)", "(", "good", ":))");
    assertTokens("¯\\(ツ)/¯ (╯°□°）╯︵┻━┻ ಠ_ಠ", "¯\\(ツ)/¯", "(╯°□°）╯︵┻━┻", "ಠ_ಠ");
  }

  @Test
  void leavesEmoticonsThatTouchAWordTorn() {
    assertTokens("hi:-)", "hi:-", ")");
    assertTokens("a:):-)b", "a:):-)b");
    assertTokens("8-)8-)", "8-)8-", ")");
    assertTokens(":-|:-/", ":", "-|:-/");
  }

  @Test
  void putsTornSpecialCasesTogetherLongestFirst() {
    assertTokens("wow!:)!", "wow", "!", ":)", "!");
    assertTokens(":(:)", ":", "(:", ")");
    assertTokens("(=):", "(", "=)", ":");
    assertTokens(":)))))", ":)))", ")", ")");
    assertTokens("it's:'(", "it", "'s", ":'(");
    assertTokens("(a.m.)", "(", "a.m.", ")");
  }

  @Test
  void doesNotPutTogetherWhatBlanksSeparate() {
    assertTokens(": )", ":", ")");
    assertTokens(": ))", ":", ")", ")");
    assertTokens("= ) :)", "=", ")", ":)");
  }

  @Test
  void makesTokensOfAllWhiteSpaceButSingleBlanks() {
    assertTokens("a b", "a", "b");
    assertTokens("a  b", "a", " ", "b");
    assertTokens(" a ", " ", "a");
    assertTokens("a\nb\n\nc", "a", "\n", "b", "\n\n", "c");
    assertTokens("a \n b", "a", "\n ", "b");
    assertTokens("\t", "\t");
    assertTokens("");
  }

  @Test
  void knowsPythonsWhiteSpace() {
    assertTokens(
        "a\u0085b\u00A0c\u001Cd\u2007e\u202Ff",
        "a",
        "\u0085",
        "b",
        "\u00A0",
        "c",
        "\u001C",
        "d",
        "\u2007",
        "e",
        "\u202F",
        "f");
    assertTokens("a\u200Bb\uFEFFc\u180Ed", "a\u200Bb\uFEFFc\u180Ed");
    assertTokens("a\u3000b", "a", "\u3000", "b");
  }

  @Test
  void cutsSymbolsOutsideTheBasicPlane() {
    assertTokens("so😀good", "so", "😀", "good");
    assertTokens("👍🏽!", "👍", "🏽", "!");
    assertTokens("👨‍👩‍👧", "👨", "‍", "👩", "‍", "👧");
    assertTokens("𠀀𠀀.", "𠀀𠀀", ".");
    assertTokens("𝒜.𝒜", "𝒜.𝒜");
  }

  @Test
  void readsOtherScripts() {
    assertTokens("Ёлки-палки, «да».", "Ёлки", "-", "палки", ",", "«", "да", "»", ".");
    assertTokens("日本語。「はい」", "日本語。「はい", "」");
    assertTokens("naïve café-style ÉTÉ.", "naïve", "café", "-", "style", "ÉTÉ", ".");
    assertTokens("5км 10كم", "5", "км", "10", "كم");
  }

  @Test
  void survivesUnpairedSurrogates() {
    assertTokens("a\uD83Db \uDE00. \uDE00!", "a\uD83Db", "\uDE00.", "\uDE00", "!");
  }

  @Test
  void saysWhereTokensStand() {
    assertThat(tokenizer.tokenize("Don't  stop 😀!\n"))
        .containsExactly(
            new Token("Do", 0, 2, false),
            new Token("n't", 2, 5, true),
            new Token(" ", 6, 7, false),
            new Token("stop", 7, 11, true),
            new Token("😀", 12, 14, false),
            new Token("!", 14, 15, false),
            new Token("\n", 15, 16, false));
    assertThat(tokenizer.tokenize("a :) b "))
        .containsExactly(
            new Token("a", 0, 1, true), new Token(":)", 2, 4, true), new Token("b", 5, 6, true));
  }

  private void assertTokens(String text, String... expected) {
    assertThat(tokenizer.tokenize(text)).as(text).extracting(Token::text).containsExactly(expected);
  }
}

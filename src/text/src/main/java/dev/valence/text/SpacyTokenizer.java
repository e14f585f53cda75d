package dev.valence.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Cuts English text into tokens exactly as {@code spacy.blank("en")} of spaCy 3.8 does.
 *
 * <p>The text is cut at white space. A single blank after a word belongs to it and is no token; all
 * other white space is: a newline between two sentences is a token, and so is the second of two
 * blanks. Each word goes through {@link AffixSplitter}, and at last {@link SpecialSequences} puts
 * torn special cases together. The rules are data, in the resources of {@code spacy-en}.
 *
 * <p>Takes time and memory linear in the text's length, whatever it holds. Immutable and safe for
 * any number of threads.
 */
public final class SpacyTokenizer {

  /** What a saved pipeline calls this tokenizer. */
  public static final String NAME = "spacy-en";

  /** The spaCy release whose rules these are. */
  public static final String VERSION = "3.8";

  private final AffixSplitter splitter;
  private final SpecialSequences sequences;

  /** Reads the rules from the class path. */
  public SpacyTokenizer() {
    RuleResources rules = new RuleResources();
    CharacterClasses classes = CharacterClasses.load(rules);
    Affixes affixes = Affixes.load(rules, classes);
    UrlMatcher urls = new UrlMatcher(classes);
    Map<String, List<String>> cases = SpecialCases.load(rules).cases();
    SpanMap<int[]> lengths = tokenLengths(cases);
    AffixSplitter plain = new AffixSplitter(affixes, urls, tokenLengths(Map.of()));
    splitter = new AffixSplitter(affixes, urls, lengths);
    sequences =
        new SpecialSequences(
            cases.keySet().stream()
                .filter(text -> plain.cuts(text) || text.contains(" "))
                .map(text -> pieces(text, plain))
                .toList(),
            lengths);
  }

  private static SpanMap<int[]> tokenLengths(Map<String, List<String>> cases) {
    Map<String, int[]> lengths = new HashMap<>();
    cases.forEach(
        (text, tokens) -> lengths.put(text, tokens.stream().mapToInt(String::length).toArray()));
    return new SpanMap<>(lengths);
  }

  /** The text's tokens in order; none of the empty text. */
  public List<Token> tokenize(String text) {
    Spans words = new Spans(text.length() / 4);
    int start = 0;
    while (start < text.length()) {
      boolean space = WhiteSpace.isSpace(text.charAt(start));
      int end = start + 1;
      while (end < text.length() && WhiteSpace.isSpace(text.charAt(end)) == space) {
        end++;
      }
      if (space) {
        words.add(start, end);
      } else {
        splitter.split(text, start, end, words);
      }
      boolean blankFollows = !space && end < text.length() && text.charAt(end) == ' ';
      start = blankFollows ? end + 1 : end;
    }
    return tokens(text, sequences.restore(text, words));
  }

  private static List<Token> tokens(String text, Spans spans) {
    List<Token> tokens = new ArrayList<>(spans.size());
    for (int i = 0; i < spans.size(); i++) {
      int start = spans.start(i);
      int end = spans.end(i);
      int next = i + 1 < spans.size() ? spans.start(i + 1) : text.length();
      tokens.add(new Token(text.substring(start, end), start, end, next > end));
    }
    return tokens;
  }

  private static List<String> pieces(String text, AffixSplitter splitter) {
    Spans spans = new Spans(4);
    splitter.split(text, 0, text.length(), spans);
    return tokens(text, spans).stream().map(Token::text).toList();
  }
}

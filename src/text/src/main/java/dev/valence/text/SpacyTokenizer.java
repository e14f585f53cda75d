package dev.valence.text;

import java.util.ArrayList;
import java.util.List;

/** Cuts English text into tokens as spaCy's {@code spacy.blank("en")} does. Thread-safe. */
public final class SpacyTokenizer {

  /** What a saved pipeline calls this tokenizer. */
  public static final String NAME = "spacy-en";

  /** The spaCy release whose rules these are. */
  public static final String VERSION = "3.8";

  /** The text's tokens in order; white space other than single blanks is a token too. */
  public List<Token> tokenize(String text) {
    List<Token> tokens = new ArrayList<>(text.length() / 4);
    int start = 0;
    while (start < text.length()) {
      boolean space = WhiteSpace.isSpace(text.charAt(start));
      int end = start + 1;
      while (end < text.length() && WhiteSpace.isSpace(text.charAt(end)) == space) {
        end++;
      }
      boolean spaceAfter = !space && end < text.length() && text.charAt(end) == ' ';
      tokens.add(new Token(text.substring(start, end), start, end, spaceAfter));
      start = spaceAfter ? end + 1 : end;
    }
    return tokens;
  }
}

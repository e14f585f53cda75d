package dev.valence.text;

import java.util.regex.Pattern;

/**
 * Tells whether a word is a URL, an e-mail address or a host name, in linear time.
 *
 * <p>Accepts what {@code URL_PATTERN} of spaCy 3.8 accepts ({@code
 * spacy/lang/tokenizer_exceptions.py}, MIT; after Diego Perini's, MIT): {@code (scheme://)?
 * (anything@)? host (:port)? ([/?#] anything)?}, where a host is a public IPv4 address or labels
 * and a lower-case top-level domain. Words hold no white space, so "anything" is any character.
 */
final class UrlMatcher {

  private static final int MIN_SCHEME = 2;
  private static final int MAX_LABEL = 64;
  private static final int MIN_TOP_LEVEL = 2;
  private static final int MAX_TOP_LEVEL = 63;
  private static final int MIN_PORT = 2;
  private static final int MAX_PORT = 5;
  private static final int MAX_ADDRESS = "255.255.255.255".length();

  // D is any decimal digit, of whichever script. Matched against MAX_ADDRESS chars at most.
  private static final Pattern ADDRESS =
      Pattern.compile(
          ("(?!(?:10|127)\\.)(?!169\\.254\\.|192\\.168\\.)(?!172\\.(?:1[6-9]|2D|3[01])\\.)"
                  + "(?:[1-9]D?|1DD|2[01]D|22[0-3])"
                  + "(?:\\.(?:1?D{1,2}|2[0-4]D|25[0-5])){2}"
                  + "\\.(?:[1-9]D?|1DD|2[0-4]D|25[0-4])")
              .replace("D", "[0-9d]"));

  private final CodePointSet schemeCharacters;
  private final CodePointSet labelEdge;
  private final CodePointSet label;
  private final CodePointSet topLevel;
  private final CodePointSet decimal;
  private final CodePointSet tail;

  UrlMatcher(CharacterClasses classes) {
    schemeCharacters = classes.get("url_scheme");
    labelEdge = classes.get("url_label_edge");
    label = classes.get("url_label");
    topLevel = classes.get("url_top_level");
    decimal = classes.get("decimal");
    tail = classes.get("url_tail");
  }

  boolean matches(String text, int from, int to) {
    if (indexOf('.', text, from, to) == to) {
      return false;
    }
    if (hostAndRest(text, from, to)) {
      return true;
    }
    int host = afterScheme(text, from, to);
    if (host != from && hostAndRest(text, host, to)) {
      return true;
    }
    int at = indexOf('@', text, from + 1, to);
    while (at < to) {
      if (hostAndRest(text, at + 1, to)) {
        return true;
      }
      at = indexOf('@', text, at + 1, to);
    }
    return false;
  }

  // String.indexOf with an end came with Java 21; without one it would read to the text's end.
  private static int indexOf(char wanted, String text, int from, int to) {
    int at = from;
    while (at < to && text.charAt(at) != wanted) {
      at++;
    }
    return at;
  }

  private int afterScheme(String text, int from, int to) {
    int at = from;
    int length = 0;
    while (at < to && schemeCharacters.contains(text.codePointAt(at))) {
      at += Character.charCount(text.codePointAt(at));
      length++;
    }
    return length >= MIN_SCHEME && at + 3 <= to && text.startsWith("://", at) ? at + 3 : from;
  }

  private boolean hostAndRest(String text, int from, int to) {
    return rest(text, endOfAddress(text, from, to), to)
        || rest(text, endOfDomain(text, from, to), to);
  }

  private int endOfAddress(String text, int from, int to) {
    StringBuilder address = new StringBuilder(MAX_ADDRESS + 1);
    int at = from;
    while (at < to && address.length() <= MAX_ADDRESS) {
      int point = text.codePointAt(at);
      if (point == '.' || (point >= '0' && point <= '9')) {
        address.append((char) point);
      } else if (decimal.contains(point)) {
        address.append('d');
      } else {
        break;
      }
      at += Character.charCount(point);
    }
    return ADDRESS.matcher(address).matches() ? at : AffixRule.NO_MATCH;
  }

  private int endOfDomain(String text, int from, int to) {
    int labels = 0;
    int length = 0;
    boolean isLabel = true;
    boolean isTopLevel = true;
    int last = '.';
    int at = from;
    while (at < to) {
      int point = text.codePointAt(at);
      if (point == '.') {
        if (!isLabel || length == 0 || length > MAX_LABEL || !labelEdge.contains(last)) {
          return AffixRule.NO_MATCH;
        }
        labels++;
        length = 0;
        isTopLevel = true;
      } else {
        boolean inLabel = (length == 0 ? labelEdge : label).contains(point);
        boolean inTopLevel = topLevel.contains(point);
        if (!inLabel && !inTopLevel) {
          break;
        }
        isLabel = (length == 0 || isLabel) && inLabel;
        isTopLevel &= inTopLevel;
        length++;
      }
      last = point;
      at += Character.charCount(point);
    }
    boolean complete =
        labels > 0 && isTopLevel && length >= MIN_TOP_LEVEL && length <= MAX_TOP_LEVEL;
    return complete ? at : AffixRule.NO_MATCH;
  }

  /** Whether a port, a path, both or nothing is what follows the host's end. */
  private boolean rest(String text, int hostEnd, int to) {
    if (hostEnd == AffixRule.NO_MATCH) {
      return false;
    }
    int at = hostEnd;
    if (at < to && text.charAt(at) == ':') {
      at++;
      int digits = 0;
      while (at < to && digits <= MAX_PORT && decimal.contains(text.codePointAt(at))) {
        at += Character.charCount(text.codePointAt(at));
        digits++;
      }
      if (digits < MIN_PORT || digits > MAX_PORT) {
        return false;
      }
    }
    return at == to || tail.contains(text.codePointAt(at));
  }
}

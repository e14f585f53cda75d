package dev.valence.text;

/** Writes any token on one line of UTF-8 and reads it back. */
final class TokenEscapes {

  private TokenEscapes() {}

  /** The token with backslashes, line ends, tabs and lone surrogates escaped. */
  static String escape(String token) {
    StringBuilder escaped = new StringBuilder(token.length() + 2);
    token
        .codePoints()
        .forEach(
            point -> {
              switch (point) {
                case '\\' -> escaped.append("\\\\");
                case '\n' -> escaped.append("\\n");
                case '\r' -> escaped.append("\\r");
                case '\t' -> escaped.append("\\t");
                default -> {
                  if (Character.getType(point) == Character.SURROGATE) {
                    escaped.append(String.format("\\u%04X", point));
                  } else {
                    escaped.appendCodePoint(point);
                  }
                }
              }
            });
    return escaped.toString();
  }

  /**
   * Undoes {@link #escape}.
   *
   * @throws IllegalArgumentException if a backslash begins no known escape
   */
  static String unescape(String line) {
    if (line.indexOf('\\') < 0) {
      return line;
    }
    StringBuilder token = new StringBuilder(line.length());
    int at = 0;
    while (at < line.length()) {
      char c = line.charAt(at++);
      if (c != '\\') {
        token.append(c);
        continue;
      }
      char kind = at < line.length() ? line.charAt(at++) : ' ';
      switch (kind) {
        case '\\' -> token.append('\\');
        case 'n' -> token.append('\n');
        case 'r' -> token.append('\r');
        case 't' -> token.append('\t');
        case 'u' -> {
          token.append(hexChar(line, at));
          at += 4;
        }
        default -> throw unknownEscape(line);
      }
    }
    return token.toString();
  }

  private static char hexChar(String line, int at) {
    if (at + 4 > line.length()) {
      throw unknownEscape(line);
    }
    try {
      return (char) Integer.parseUnsignedInt(line, at, at + 4, 16);
    } catch (NumberFormatException e) {
      throw unknownEscape(line);
    }
  }

  private static IllegalArgumentException unknownEscape(String line) {
    return new IllegalArgumentException(
        "unknown escape in the token: " + line + ". Use \\\\, \\n, \\r, \\t or \\u and 4 digits.");
  }
}

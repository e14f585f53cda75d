package dev.valence.text;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.regex.Pattern;

/** A rewriting of the raw text, before it is cut into tokens. */
public enum TextRule {
  /** {@code <br />} and its kin, in any case, become a newline. */
  @JsonProperty("html_line_breaks")
  HTML_LINE_BREAKS {
    // Possessive, so that a long run of blanks after "<" costs linear time where no tag follows.
    // U+001C to U+001F are white space for the seed's Python, but not for Java.
    private final Pattern tag =
        Pattern.compile(
            "<[\\s\\x1C-\\x1F]*+br[\\s\\x1C-\\x1F]*+/?>",
            Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CHARACTER_CLASS);

    @Override
    String apply(String text) {
      return text.indexOf('<') < 0 ? text : tag.matcher(text).replaceAll("\n");
    }
  };

  abstract String apply(String text);
}

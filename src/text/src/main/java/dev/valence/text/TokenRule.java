package dev.valence.text;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Locale;

/**
 * A rewriting of one token into one or two, after the text was cut. Each does what the function of
 * that name in fastai does; the ways of version 1 to mark capitals are {@link #REPLACE_ALL_CAPS}
 * and then {@link #DEAL_CAPS}, those of version 2 are rules for the text.
 */
public enum TokenRule {
  /** fastai 1: {@code GREAT} becomes {@code xxup great}; single letters stay. */
  @JsonProperty("replace_all_caps")
  REPLACE_ALL_CAPS {
    @Override
    List<String> apply(String token) {
      boolean allCaps =
          token.codePointCount(0, token.length()) > 1
              && token.codePoints().anyMatch(Character::isUpperCase)
              && token.codePoints().noneMatch(TokenRule::isLowerOrTitle);
      return allCaps ? List.of(UP, token.toLowerCase(Locale.ROOT)) : List.of(token);
    }
  },

  /** fastai 1: {@code Great} becomes {@code xxmaj great}; every other token is lower-cased. */
  @JsonProperty("deal_caps")
  DEAL_CAPS {
    @Override
    List<String> apply(String token) {
      if (token.isEmpty()) {
        return List.of();
      }
      String rest = token.substring(token.offsetByCodePoints(0, 1));
      boolean capitalised =
          Character.isUpperCase(token.codePointAt(0))
              && rest.codePoints().anyMatch(Character::isLowerCase)
              && rest.codePoints().noneMatch(TokenRule::isUpperOrTitle);
      String lower = token.toLowerCase(Locale.ROOT);
      return capitalised ? List.of(MAJ, lower) : List.of(lower);
    }
  },

  /** fastai 2: blanks in a token become U+2581, so that tokens can be joined by blanks. */
  @JsonProperty("replace_space")
  REPLACE_SPACE {
    @Override
    List<String> apply(String token) {
      return List.of(token.replace(' ', '\u2581'));
    }
  };

  /** Stands before a word that was all capitals. */
  public static final String UP = "xxup";

  /** Stands before a word that began with a capital. */
  public static final String MAJ = "xxmaj";

  abstract List<String> apply(String token);

  private static boolean isLowerOrTitle(int point) {
    return Character.isLowerCase(point) || Character.isTitleCase(point);
  }

  private static boolean isUpperOrTitle(int point) {
    return Character.isUpperCase(point) || Character.isTitleCase(point);
  }
}

package dev.valence.text;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Resolves the character references of HTML 5 ({@code &eacute;}, {@code &#233;}, {@code &#xE9;}) as
 * Python's {@code html.unescape} does: invalid numbers as the HTML standard says, names without
 * their semicolon where the standard tolerates that, and unknown names left alone.
 */
final class CharacterReferences {

  private static final Pattern REFERENCE =
      Pattern.compile("&(#[0-9]++;?+|#[xX][0-9a-fA-F]++;?+|[^\\t\\n\\f <&#;]{1,32}+;?+)");
  private static final int REPLACEMENT = 0xFFFD;

  /** What numbers 0x80 to 0x9F stand for: they are windows-1252. */
  private static final String WINDOWS_1252 =
      "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008DŽ\u008F\u0090‘’“”•–—˜™š›œ\u009DžŸ";

  private final Map<String, String> characters = new HashMap<>();

  private record Resource(
      String source,
      String notation,
      List<String> withoutSemicolon,
      Map<String, String> references) {}

  CharacterReferences(RuleResources rules) {
    Resource resource = rules.read("html-character-references.json", Resource.class);
    resource.references.forEach((name, text) -> characters.put(name + ";", text));
    for (String line : resource.withoutSemicolon) {
      for (String name : line.split(" ")) {
        characters.put(name, resource.references.get(name));
      }
    }
  }

  /** The text with all references resolved, once. */
  String resolve(String text) {
    return text.indexOf('&') < 0 ? text : REFERENCE.matcher(text).replaceAll(this::resolve);
  }

  private String resolve(MatchResult match) {
    String reference = match.group(1);
    return Matcher.quoteReplacement(
        reference.charAt(0) == '#' ? number(reference) : name(reference));
  }

  private String name(String reference) {
    for (int end = reference.length(); end > 1; end--) {
      String found = characters.get(reference.substring(0, end));
      if (found != null) {
        return found + reference.substring(end);
      }
    }
    return "&" + reference;
  }

  private static String number(String reference) {
    boolean hex = Character.toLowerCase(reference.charAt(1)) == 'x';
    int number = 0;
    for (int i = hex ? 2 : 1; i < reference.length() && reference.charAt(i) != ';'; i++) {
      int digit = Character.digit(reference.charAt(i), hex ? 16 : 10);
      // Larger numbers are all invalid alike; going on would overflow.
      number = Math.min(number * (hex ? 16 : 10) + digit, Character.MAX_CODE_POINT + 1);
    }
    if (number >= 0x80 && number <= 0x9F) {
      return WINDOWS_1252.substring(number - 0x80, number - 0x80 + 1);
    }
    if (number == 0
        || number > Character.MAX_CODE_POINT
        || Character.getType(number) == Character.SURROGATE) {
      return Character.toString(REPLACEMENT);
    }
    return isDropped(number) ? "" : Character.toString(number);
  }

  /** Control characters other than white space, and noncharacters. */
  private static boolean isDropped(int number) {
    boolean control = number < 0x20 && "\t\n\f\r".indexOf(number) < 0 || number == 0x7F;
    boolean noncharacter = (number & 0xFFFE) == 0xFFFE || (number >= 0xFDD0 && number <= 0xFDEF);
    return control || noncharacter;
  }
}

package dev.valence.text;

import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The named character classes of {@code characters.json}, in whose own words its notation is. */
final class CharacterClasses {

  private static final String POINT = "U\\+([0-9A-F]{4,6})|(.)";
  private static final Pattern MEMBER =
      Pattern.compile("(?:" + POINT + ")(?:-(?:" + POINT + ")(/2)?)?");

  private final Map<String, CodePointSet> classes = new HashMap<>();

  private record Resource(String source, String notation, Map<String, List<String>> classes) {}

  private CharacterClasses(Resource resource) {
    // Maps from JSON keep their order, so a class may name those above it.
    resource.classes.forEach((name, lines) -> classes.put(name, parse(name, lines)));
  }

  static CharacterClasses load(RuleResources rules) {
    return new CharacterClasses(rules.read("spacy-en/characters.json", Resource.class));
  }

  /**
   * @throws IllegalArgumentException if there is no class of that name (above this one)
   */
  CodePointSet get(String name) {
    CodePointSet found = classes.get(name);
    if (found == null) {
      throw new IllegalArgumentException("no such character class: " + name);
    }
    return found;
  }

  private CodePointSet parse(String name, List<String> lines) {
    BitSet points = new BitSet();
    for (String line : lines) {
      for (String member : line.split(" ")) {
        if (member.length() > 1 && member.charAt(0) == '@') {
          points.or(get(member.substring(1)).points());
        } else {
          addMember(points, name, member);
        }
      }
    }
    return new CodePointSet(points);
  }

  private static void addMember(BitSet points, String name, String member) {
    Matcher parts = MEMBER.matcher(member);
    if (!parts.matches()) {
      throw new IllegalArgumentException("no character in class " + name + ": " + member);
    }
    int first = point(parts.group(1), parts.group(2));
    boolean single = parts.group(3) == null && parts.group(4) == null;
    int last = single ? first : point(parts.group(3), parts.group(4));
    int step = parts.group(5) == null ? 1 : 2;
    for (int point = first; point <= last; point += step) {
      points.set(point);
    }
  }

  private static int point(String hex, String literal) {
    return hex == null ? literal.codePointAt(0) : Integer.parseInt(hex, 16);
  }
}

package dev.valence.text;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What is cut off a word's beginning and end and out of its middle, read from {@code affixes.json}.
 *
 * @param prefixes rules by their first code point
 * @param suffixes rules by their last code point
 * @param infixes rules by their first code point
 */
record Affixes(AffixTable prefixes, AffixTable suffixes, AffixTable infixes) {

  /** Where the prefix of the non-empty {@code text[from, to)} ends; {@code from} if it has none. */
  int endOfPrefix(String text, int from, int to) {
    int end = prefixes.endOfFirstMatch(text, from, from, to);
    return end == AffixRule.NO_MATCH ? from : end;
  }

  /** Where the suffix of {@code text[from, to)} begins; {@code to} if it has none. */
  int startOfSuffix(String text, int from, int to) {
    return from == to ? to : suffixes.startOfLongestMatch(text, from, to);
  }

  /** Where the infix at {@code at} in {@code text[from, to)} ends, or no match. */
  int endOfInfix(String text, int at, int from, int to) {
    return infixes.endOfFirstMatch(text, at, from, to);
  }

  private record Resource(
      String source,
      String notation,
      Map<String, List<String>> lists,
      List<Rule> prefixes,
      List<Rule> suffixes,
      List<Rule> infixes) {}

  private record Rule(
      String texts,
      @JsonProperty("class") String characterClass,
      String run,
      int atLeast,
      List<String> after,
      String before,
      String notBefore) {}

  static Affixes load(RuleResources resources, CharacterClasses classes) {
    Resource rules = resources.read("spacy-en/affixes.json", Resource.class);
    return new Affixes(
        table(rules.prefixes, rules.lists, classes, false),
        table(rules.suffixes, rules.lists, classes, true),
        table(rules.infixes, rules.lists, classes, false));
  }

  private static AffixTable table(
      List<Rule> rules, Map<String, List<String>> lists, CharacterClasses classes, boolean byLast) {
    AffixTable table = new AffixTable();
    for (Rule rule : rules) {
      if (rule.texts != null) {
        for (String text : texts(rule.texts, lists)) {
          int key = byLast ? text.codePointBefore(text.length()) : text.codePointAt(0);
          table.add(key, affix(new AffixBody.Literal(text), rule, classes));
        }
      } else if (rule.run != null) {
        char character = rule.run.charAt(0);
        table.add(character, affix(new AffixBody.Run(character, rule.atLeast), rule, classes));
      } else {
        AffixRule affix = affix(new AffixBody.OneCodePoint(), rule, classes);
        classes.get(rule.characterClass).points().stream().forEach(p -> table.add(p, affix));
      }
    }
    return table;
  }

  private static List<String> texts(String texts, Map<String, List<String>> lists) {
    List<String> lines = texts.startsWith("@") ? lists.get(texts.substring(1)) : List.of(texts);
    List<String> all = new ArrayList<>();
    lines.forEach(line -> all.addAll(List.of(line.split(" "))));
    return all;
  }

  private static AffixRule affix(AffixBody body, Rule rule, CharacterClasses classes) {
    List<CodePointSet> after =
        rule.after == null ? List.of() : rule.after.stream().map(classes::get).toList();
    return new AffixRule(
        body,
        after,
        rule.before == null ? null : classes.get(rule.before),
        rule.notBefore == null ? null : classes.get(rule.notBefore));
  }
}

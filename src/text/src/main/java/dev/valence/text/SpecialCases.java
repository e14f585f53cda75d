package dev.valence.text;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Words whose tokens are given, contractions and emoticons most of all, unfolded from {@code
 * special-cases.json}.
 */
final class SpecialCases {

  private final Map<String, List<String>> cases;

  private record Resource(
      String source,
      String notation,
      List<Contractions> contractions,
      String notContractions,
      List<String> splits,
      List<String> whiteSpace,
      Map<String, List<String>> words) {}

  private record Contractions(String stems, List<String> endings) {}

  private SpecialCases(Resource resource) {
    Map<String, List<String>> all = new TreeMap<>();
    for (Contractions contractions : resource.contractions) {
      for (String stem : contractions.stems.split(" ")) {
        for (String ending : contractions.endings) {
          contract(all, stem, ending);
          contract(all, Character.toUpperCase(stem.charAt(0)) + stem.substring(1), ending);
        }
      }
    }
    words(resource.notContractions).forEach(all::remove);
    resource.splits.forEach(split -> put(all, words(split).toList()));
    resource.whiteSpace.forEach(space -> put(all, List.of(space)));
    resource.words.values().stream()
        .flatMap(Collection::stream)
        .flatMap(SpecialCases::words)
        .forEach(word -> put(all, List.of(word)));
    cases = withCurlyApostrophes(all);
  }

  static SpecialCases load(RuleResources rules) {
    return new SpecialCases(rules.read("spacy-en/special-cases.json", Resource.class));
  }

  /** Each case's tokens; joined they are the case. */
  Map<String, List<String>> cases() {
    return cases;
  }

  private static void contract(Map<String, List<String>> all, String stem, String ending) {
    for (String variant : List.of(ending, ending.replace("'", ""))) {
      put(all, Stream.concat(Stream.of(stem), words(variant)).toList());
    }
  }

  private static void put(Map<String, List<String>> all, List<String> tokens) {
    all.put(String.join("", tokens), tokens);
  }

  private static Stream<String> words(String line) {
    return Stream.of(line.split(" "));
  }

  private static Map<String, List<String>> withCurlyApostrophes(Map<String, List<String>> all) {
    Map<String, List<String>> both = new TreeMap<>(all);
    all.forEach(
        (text, tokens) ->
            put(both, tokens.stream().map(token -> token.replace('\'', '’')).toList()));
    return both.entrySet().stream()
        .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
  }
}

package dev.valence.bench;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Everything that one run found, for people and for scripts.
 *
 * @param machine that it ran on
 * @param model name and version
 * @param reviews what was scored
 * @param threads that scored at the same time
 * @param rounds figures by contender, in the order of the table, of each round
 */
record BenchTable(
    Machine machine,
    String model,
    String reviews,
    int threads,
    List<Map<Contender, Figures>> rounds) {
  private static final double GIGA = 1e9;

  /** Of each contender the round in the middle. */
  private Map<Contender, Figures> figures() {
    Map<Contender, Figures> middle = new EnumMap<>(Contender.class);
    for (Contender contender : rounds.get(rounds.size() - 1).keySet()) {
      middle.put(
          contender, Figures.middle(rounds.stream().map(round -> round.get(contender)).toList()));
    }
    return middle;
  }

  /** Markdown. */
  String markdown() {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%s, %d of %d cores, %s, Java %s, %s. Model %s; %s.%n%n",
            machine.processor(),
            threads,
            machine.cores(),
            machine.system(),
            machine.java(),
            machine.date(),
            model,
            reviews));
    text.append(
        "| | what | precision | reviews/s | tokens/s | GFLOP/s | padding | MiB | p50 ms | p99 ms"
            + " | against |\n");
    text.append("|---|---|---|---:|---:|---:|---:|---:|---:|---:|---:|\n");
    Ratios ratios = new Ratios(rounds);
    Map<Contender, Figures> figures = figures();
    figures.forEach((contender, row) -> text.append(row(contender, row, ratios)));
    text.append("\n| ratio | median | rounds | at least |\n|---|---:|---|---:|\n");
    Map<String, Double> goals = Ratios.goals();
    ratios
        .ofRounds()
        .forEach(
            (name, values) ->
                text.append(
                    String.format(
                        Locale.ROOT,
                        "| %s | %.2f | %s | %s |%n",
                        name,
                        Figures.median(values),
                        values.stream()
                            .map(value -> number("%.2f", value))
                            .collect(Collectors.joining(", ")),
                        goals.containsKey(name) ? number("%.2f", goals.get(name)) : "")));
    figures.forEach(
        (contender, row) -> {
          if (row.timeShares() != null) {
            text.append(shares(contender, row));
          }
        });
    return text.toString();
  }

  private static String row(Contender contender, Figures row, Ratios ratios) {
    Double ratio = ratios.toNeighbour(contender);
    return String.format(
        Locale.ROOT,
        "| %s | %s | %s | %s | %s | %s | %s | %s | %s | %s | %s |%n",
        contender.letter(),
        row.what(),
        row.precision(),
        number("%,.1f", row.reviewsPerSecond()),
        number("%,.0f", row.tokensPerSecond()),
        row.flopPerSecond() == null ? "" : number("%,.0f", row.flopPerSecond() / GIGA),
        row.paddingRatio() == null ? "" : number("%.1f %%", 100 * row.paddingRatio()),
        row.residentMebibytes() == null ? "" : row.residentMebibytes().toString(),
        number("%.1f", row.p50Millis()),
        number("%.1f", row.p99Millis()),
        ratio == null ? "" : number("%.2f", ratio) + " " + contender.neighbour().key());
  }

  private static String shares(Contender contender, Figures row) {
    StringBuilder text =
        new StringBuilder(
            "\nTime of the stream threads in %s %s:"
                .formatted(contender.letter(), row.precision()));
    row.timeShares()
        .forEach(
            (part, share) ->
                text.append(String.format(Locale.ROOT, " %s %.1f %%,", part, 100 * share)));
    text.setCharAt(text.length() - 1, '.');
    return text.append('\n').toString();
  }

  private static String number(String format, Double value) {
    return value == null ? "" : String.format(Locale.ROOT, format, value);
  }

  /** One object: a key for each letter with its figures by variant, and the ratios. */
  Map<String, Object> json() {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("machine", machine);
    object.put("model", model);
    object.put("reviews", reviews);
    object.put("threads", threads);
    object.put("rounds", rounds.size());
    figures()
        .forEach(
            (contender, row) -> {
              @SuppressWarnings("unchecked")
              Map<String, Figures> variants =
                  (Map<String, Figures>)
                      object.computeIfAbsent(contender.letter(), key -> new LinkedHashMap<>());
              variants.put(contender.variant(), row);
            });
    object.put("ratios", new Ratios(rounds).values());
    object.put("goals", Ratios.goals());
    return object;
  }
}

package dev.valence.training.report;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Maps values to a stretch of paper.
 *
 * @param label what the values are
 * @param logarithmic whether equal factors lie equally far apart
 * @param least value at the start
 * @param greatest value at the end, above {@code least}
 * @param ticks values to mark
 */
public record Axis(
    String label, boolean logarithmic, double least, double greatest, List<Double> ticks) {
  private static final int MOST_TICKS = 6;
  private static final int MOST_DECIMALS = 5;

  /** Even steps of 1, 2 or 5 times a power of ten. */
  public static Axis linear(String label, DoubleStream values) {
    double[] range = range(values);
    double margin = range[0] == range[1] ? Math.max(Math.abs(range[0]) * 0.1, 1e-3) : 0;
    return even(label, range[0] - margin, range[1] + margin, 0);
  }

  /** Epochs: whole numbers only. */
  static Axis counting(String label, DoubleStream values) {
    double[] range = range(values);
    if (range[0] == range[1]) {
      return new Axis(label, false, range[0] - 0.5, range[0] + 0.5, List.of(range[0]));
    }
    double last = Math.max(range[1], range[0] + 1);
    List<Double> round = even(label, range[0], last, 1).ticks();
    List<Double> inside = round.stream().filter(tick -> tick >= range[0] && tick <= last).toList();
    return new Axis(label, false, range[0], last, inside);
  }

  /** From 0 to 1. */
  static Axis share(String label) {
    return even(label, 0, 1, 0);
  }

  /** Powers of ten; the values must be above 0. */
  public static Axis logarithmic(String label, DoubleStream values) {
    double[] range = range(values);
    int from = (int) Math.floor(Math.log10(range[0]));
    int to = Math.max(from + 1, (int) Math.ceil(Math.log10(range[1])));
    List<Double> ticks = new ArrayList<>();
    for (int power = from; power <= to; power++) {
      ticks.add(Math.pow(10, power));
    }
    return new Axis(label, true, Math.pow(10, from), Math.pow(10, to), ticks);
  }

  private static Axis even(String label, double from, double to, double leastStep) {
    double rough = Math.max((to - from) / (MOST_TICKS - 1), leastStep);
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double step = power;
    for (double factor : new double[] {1, 2, 5, 10}) {
      step = factor * power;
      if (step >= rough * 0.999) {
        break;
      }
    }
    long first = (long) Math.floor(from / step + 1e-9);
    long last = (long) Math.ceil(to / step - 1e-9);
    List<Double> ticks = new ArrayList<>();
    for (long i = first; i <= last; i++) {
      ticks.add(i * step);
    }
    return new Axis(label, false, first * step, last * step, ticks);
  }

  private static double[] range(DoubleStream values) {
    var range = values.filter(Double::isFinite).summaryStatistics();
    return range.getCount() == 0
        ? new double[] {1, 1}
        : new double[] {range.getMin(), range.getMax()};
  }

  /** A tick as text, with as many decimals as tell it from the next. */
  String text(double tick) {
    if (logarithmic || ticks.size() < 2) {
      return Figure.of(tick);
    }
    int decimals = Math.max(0, (int) Math.ceil(-Math.log10(ticks.get(1) - ticks.get(0)) - 1e-9));
    return decimals > MOST_DECIMALS
        ? Figure.of(tick)
        : BigDecimal.valueOf(tick).setScale(decimals, RoundingMode.HALF_UP).toPlainString();
  }

  /** Where a value lies, 0 at the start and 1 at the end. */
  double position(double value) {
    return logarithmic
        ? Math.log(value / least) / Math.log(greatest / least)
        : (value - least) / (greatest - least);
  }
}

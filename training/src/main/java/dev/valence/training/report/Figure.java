package dev.valence.training.report;

import java.math.BigDecimal;
import java.math.MathContext;

/** Writes a number as short as a reader needs it. */
final class Figure {
  private Figure() {}

  /** Three significant digits, no exponent where it can be helped; a dash for no number. */
  static String of(double value) {
    if (!Double.isFinite(value)) {
      return "–";
    }
    BigDecimal rounded = new BigDecimal(value).round(new MathContext(3)).stripTrailingZeros();
    double size = Math.abs(value);
    return value == 0 || (size >= 1e-4 && size < 1e6)
        ? rounded.toPlainString()
        : rounded.toString().replace("E", "e");
  }
}

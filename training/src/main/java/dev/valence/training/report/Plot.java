package dev.valence.training.report;

import java.io.IOException;
import java.util.Locale;
import java.util.regex.Matcher;

/** A frame with two axes, as inline SVG; colours come from the page. */
public final class Plot {
  private static final int WIDTH = 440;
  private static final int HEIGHT = 260;
  private static final int LEFT = 58;
  private static final int RIGHT = 14;
  private static final int TOP = 12;
  private static final int BOTTOM = 44;

  private final Axis x;
  private final Axis y;
  private final StringBuilder svg = new StringBuilder();

  /**
   * Draws the frame.
   *
   * @param title for those who cannot see it
   */
  public Plot(String title, Axis x, Axis y) {
    this.x = x;
    this.y = y;
    add(
        "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n",
        WIDTH, HEIGHT, Html.escape(title));
    for (double tick : y.ticks()) {
      line("grid", x.least(), tick, x.greatest(), tick);
      text("end", LEFT - 8, down(tick) + 4, y.text(tick));
    }
    for (double tick : x.ticks()) {
      text("middle", right(tick), HEIGHT - BOTTOM + 18, x.text(tick));
    }
    line("axis", x.least(), y.least(), x.greatest(), y.least());
    text("middle", (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 6, x.label());
  }

  /** A straight line between two points, styled by its class. */
  public Plot line(String style, double fromX, double fromY, double toX, double toY) {
    add(
        "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>\n",
        style, right(fromX), down(fromY), right(toX), down(toY));
    return this;
  }

  /** A line through all points that are numbers, with a break where one is not. */
  public Plot path(String style, double[] xs, double[] ys) {
    StringBuilder path = new StringBuilder();
    boolean drawing = false;
    for (int i = 0; i < xs.length; i++) {
      boolean known = Double.isFinite(ys[i]);
      if (known) {
        path.append(
            String.format(
                Locale.ROOT, "%s%.1f %.1f", drawing ? "L" : "M", right(xs[i]), down(ys[i])));
      }
      drawing = known;
    }
    add("<path class=\"%s\" d=\"%s\"/>\n", style, path);
    return this;
  }

  /** A dot that says more when it is pointed at. */
  public Plot dot(String style, double atX, double atY, double radius, String more) {
    add(
        "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"><title>%s</title></circle>\n",
        style, right(atX), down(atY), radius, Html.escape(more));
    return this;
  }

  /** The whole of it. */
  public String svg() {
    return svg + "</svg>\n";
  }

  /** The same as a file of its own. */
  String standalone() throws IOException {
    String style = "<style>\n" + Style.css() + ":root { background: var(--paper); }\n</style>\n";
    return svg()
        .replaceFirst("<svg ([^>]*)>\n", "<svg xmlns=\"http://www.w3.org/2000/svg\" $1>\n")
        .replaceFirst(">\n", Matcher.quoteReplacement(">\n" + style));
  }

  private void text(String anchor, double atX, double atY, String text) {
    add(
        "<text text-anchor=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>\n",
        anchor, atX, atY, Html.escape(text));
  }

  private void add(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values));
  }

  private double right(double value) {
    return LEFT + x.position(value) * (WIDTH - LEFT - RIGHT);
  }

  private double down(double value) {
    return HEIGHT - BOTTOM - y.position(value) * (HEIGHT - TOP - BOTTOM);
  }
}

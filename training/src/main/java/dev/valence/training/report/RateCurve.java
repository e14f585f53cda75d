package dev.valence.training.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Loss against learning rate, as a range test found it.
 *
 * @param points in the order of rising rates
 * @param diverged whether the loss went up in the end
 */
public record RateCurve(List<Point> points, boolean diverged) {
  private static final String FILE = "lr-find.svg";

  /**
   * One step.
   *
   * @param rate that it was made with
   * @param loss smoothed, in nats
   */
  public record Point(double rate, double loss) {}

  public RateCurve {
    points = List.copyOf(points);
  }

  /**
   * A tenth of the rate at which the loss was least: well before it turns. Empty if the loss never
   * fell.
   */
  public OptionalDouble suggestion() {
    return points.stream()
        .min(Comparator.comparingDouble(Point::loss))
        .filter(least -> least.rate() > points.get(0).rate())
        .map(least -> OptionalDouble.of(least.rate() / 10))
        .orElse(OptionalDouble.empty());
  }

  /**
   * Draws the curve into {@code lr-find.svg}.
   *
   * @param folder is made if it is not there
   * @return the file
   * @throws IOException if it cannot be written
   * @throws IllegalStateException if there is no point
   */
  public Path write(Path folder) throws IOException {
    if (points.isEmpty()) {
      throw new IllegalStateException("a curve needs a point");
    }
    double[] rates = points.stream().mapToDouble(Point::rate).toArray();
    double[] losses = points.stream().mapToDouble(Point::loss).toArray();
    Axis x = Axis.logarithmic("learning rate", points.stream().mapToDouble(Point::rate));
    Axis y = Axis.linear("loss", points.stream().mapToDouble(Point::loss));
    Plot plot = new Plot("Loss by learning rate", x, y);
    suggestion()
        .ifPresent(
            rate ->
                plot.line(
                    "ideal",
                    Math.max(rate, x.least()),
                    y.least(),
                    Math.max(rate, x.least()),
                    y.greatest()));
    plot.path("first", rates, losses);
    Files.createDirectories(folder);
    return Files.writeString(folder.resolve(FILE), plot.standalone());
  }
}

package dev.valence.training;

import dev.valence.training.report.RateCurve;
import java.util.ArrayList;
import java.util.List;

/**
 * Learning-rate range test (Smith, "Cyclical Learning Rates for Training Neural Networks", WACV
 * 2017, section 3.3): the rate rises by the same factor from step to step until the loss diverges.
 * Good for one pass.
 */
public final class RangeTest {
  private static final double SMOOTHING = 0.9;
  private static final double DIVERGED = 2;
  private static final int LEAST_STEPS = 10;

  private final double from;
  private final double factor;
  private final int steps;
  private final List<RateCurve.Point> points = new ArrayList<>();
  private double average;
  private double least = Double.POSITIVE_INFINITY;
  private boolean diverged;

  /**
   * @param from rate of the first step, above 0
   * @param to rate of the last step, above {@code from}
   * @param steps most steps, at least 2
   * @throws TrainingException if one of them is out of range
   */
  public RangeTest(double from, double to, int steps) {
    if (!(from > 0 && to > from && Double.isFinite(to))) {
      throw new TrainingException(
          "the rates must rise from above 0: from "
              + from
              + " to "
              + to
              + ". Try --from 1e-5 --to 1.");
    }
    if (steps < 2) {
      throw new TrainingException("steps must be at least 2: " + steps + ". Try 100.");
    }
    this.from = from;
    this.factor = Math.pow(to / from, 1.0 / (steps - 1));
    this.steps = steps;
  }

  /** Number of the step that is due, from 1. */
  int step() {
    return points.size() + 1;
  }

  /** Rate that the step is due with. */
  double rate() {
    return from * Math.pow(factor, points.size());
  }

  /** Part of the steps that is done, in [0, 1]. */
  double position() {
    return (double) points.size() / steps;
  }

  /** Takes the loss of the step that was due; one that is no number ends the test. */
  void add(double loss) {
    if (!Double.isFinite(loss)) {
      diverged = true;
      return;
    }
    average = SMOOTHING * average + (1 - SMOOTHING) * loss;
    // The average starts at 0; this takes that start's weight out (Kingma and Ba, section 3).
    double smoothed = average / (1 - Math.pow(SMOOTHING, step()));
    points.add(new RateCurve.Point(rate(), smoothed));
    least = Math.min(least, smoothed);
    diverged = points.size() >= LEAST_STEPS && smoothed > DIVERGED * least;
  }

  /** Whether no step is due any more. */
  boolean over() {
    return diverged || points.size() >= steps;
  }

  /** What came of it. */
  RateCurve curve() {
    return new RateCurve(points, diverged);
  }
}

/**
 * What a run says about itself: a line an epoch in {@code history.csv}, and {@code report.html}.
 *
 * <p>Figures, judged reviews and their texts enter; two files that need nothing else to be read
 * leave. Nothing here trains, measures or knows TensorFlow.
 */
package dev.valence.training.report;

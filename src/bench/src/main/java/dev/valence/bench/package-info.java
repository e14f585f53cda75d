/**
 * Benchmarks, and {@code valence bench}, which measures Valence beside what people would build
 * instead: reviews and a model enter, a table leaves. Each contender runs in a process of its own
 * ({@link dev.valence.bench.Worker}), since engines disturb each other. Nothing depends on this
 * package, and only here are the engines of Valence's peers.
 */
package dev.valence.bench;

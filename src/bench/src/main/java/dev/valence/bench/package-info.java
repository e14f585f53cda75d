/**
 * Benchmarks of Valence's rooms and of their peers.
 *
 * <p>Reviews and models enter by JMH parameters; figures leave on the screen. Nothing depends on
 * this package, and no figure here is a test.
 */
package dev.valence.bench;

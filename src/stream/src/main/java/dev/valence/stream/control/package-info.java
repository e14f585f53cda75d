/**
 * Which model version a fleet of processors uses, and how it is told. What enters: an operator's
 * decision. What leaves: one small JSON record a fleet on a compacted Kafka topic, which every
 * processor reads when it starts and follows while it runs. The package never loads a model.
 */
package dev.valence.stream.control;

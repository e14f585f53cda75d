/**
 * From token ids to scores. What enters: a model directory (SavedModel, vocabulary, text pipeline,
 * golden reviews, manifest) and encoded reviews. What leaves: a label and calibrated probabilities
 * for each review, in the order the reviews came, and new versions in a repository of models. It
 * never reads or writes Kafka, and it never scores with a model whose files do not match their
 * manifest.
 */
package dev.valence.model;

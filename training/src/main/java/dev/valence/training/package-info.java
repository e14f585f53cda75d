/**
 * Trains the AWD-LSTM (Merity, Keskar and Socher, "Regularizing and Optimizing LSTM Language
 * Models", ICLR 2018) and the classifier on top of it (Howard and Ruder, "Universal Language Model
 * Fine-tuning for Text Classification", ACL 2018).
 *
 * <p>Corpora of reviews enter; checkpoints, a history and a report of each epoch and, at the end, a
 * sealed model directory leave. Nothing here serves: the exported SavedModel is all that the stream
 * ever sees.
 */
package dev.valence.training;

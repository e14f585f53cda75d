/**
 * How reviews, scores, corrections and trends look on a topic: Avro, JSON or, of reviews, plain
 * text. Bytes enter and a {@link dev.valence.schema.Review} leaves, a {@link
 * dev.valence.schema.ReviewSentiment} or {@link dev.valence.schema.SentimentTrend} enters and bytes
 * leave, and back again for the commands that produce and read them; a {@link
 * dev.valence.schema.ReviewLabel} is for such commands alone. Every format refuses what it cannot
 * read whole with one line that says why; none repairs or guesses, and none talks to Kafka. One of
 * them asks a schema registry, and tells its being away from a record that is bad.
 */
package dev.valence.stream.format;

/**
 * From many reviews to one picture. The scoring processor writes, beside each score and in its
 * transaction, a trend of that one review, keyed by its subject: the repartitioning that counting
 * by subject needs, without reading the scores again. A Kafka Streams application of its own adds
 * them up by window, and whoever wants to know reads its topic. Nothing here can hold scoring up.
 */
package dev.valence.stream.trend;

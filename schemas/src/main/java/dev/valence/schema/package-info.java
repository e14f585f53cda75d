/**
 * The Avro records of Valence. {@link dev.valence.schema.Review} goes in, {@link
 * dev.valence.schema.ReviewSentiment} comes out; both classes are generated from the {@code .avsc}
 * files of this module. {@link dev.valence.schema.AvroMessages} turns them into bytes and back.
 *
 * <p>The jar depends on Avro alone, so that a consumer of results needs nothing else of Valence. It
 * never talks to Kafka or to a schema registry.
 */
package dev.valence.schema;

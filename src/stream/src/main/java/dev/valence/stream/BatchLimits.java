package dev.valence.stream;

/**
 * When the batch of a partition is scored.
 *
 * @param maxReviews positive; records that make a batch full
 * @param maxTokens positive; tokens that make a batch full
 * @param maxBytes positive; bytes of records that make a batch full
 * @param maxDelayMillis not negative; how long the oldest record may wait
 */
record BatchLimits(int maxReviews, int maxTokens, long maxBytes, long maxDelayMillis) {}

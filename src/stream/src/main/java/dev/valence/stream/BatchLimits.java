package dev.valence.stream;

/**
 * When what a thread collected is scored.
 *
 * @param maxReviews positive; records of the thread that make it full
 * @param maxTokens positive; tokens of the thread that make it full
 * @param maxBytes positive; bytes of the records of one partition that make it full
 * @param maxDelayMillis not negative; how long the oldest record may wait
 */
record BatchLimits(int maxReviews, int maxTokens, long maxBytes, long maxDelayMillis) {}

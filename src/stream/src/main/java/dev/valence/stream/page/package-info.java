/**
 * The live page: what the processor does, for people who do not read logs. Scored reviews enter as
 * they leave the processor, one a second of them; HTML, JSON and Server-Sent Events leave over
 * HTTP. It keeps minutes, in bounded memory, and nothing on disk.
 *
 * <p>It never holds a stream thread up: that only counts, and puts samples into a queue that may be
 * full. Nor does it change the processor, unless an administrator's token was configured and given.
 */
package dev.valence.stream.page;

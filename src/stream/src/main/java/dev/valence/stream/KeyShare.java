package dev.valence.stream;

import java.util.zip.CRC32;

/**
 * Picks a share of all keys: the same keys on every instance, at any time, and a larger share holds
 * every key of a smaller one.
 *
 * @param percent from 0 to 100
 */
record KeyShare(int percent) {

  private static final int MIXER = 0x9E3779B1;

  /**
   * Whether the key belongs to the share. Kafka's partitioner hashes with murmur2, so another hash
   * is used here: a small share must not lie in a few partitions.
   */
  boolean holds(byte[] key) {
    CRC32 crc = new CRC32();
    crc.update(key);
    int mixed = (int) crc.getValue() * MIXER;
    return Integer.remainderUnsigned(mixed ^ mixed >>> 15, 100) < percent;
  }
}

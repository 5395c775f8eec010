// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.handling;

import java.time.Duration;

/**
 * Bounds the memory of a {@link RecordPump}.
 *
 * @param records how many records may be queued before no more are taken
 * @param bytes how many bytes may be queued before no more are taken, and how many may be parked
 * @param parkedKeys of how many keys records may be parked
 * @param parkedPerKey how many records of a key may be parked
 * @param parkedAtMost how long the records of a key may be parked, from the first one on
 */
public record PumpLimits(
        int records, long bytes, int parkedKeys, int parkedPerKey, Duration parkedAtMost) {

    public static final PumpLimits DEFAULT =
            new PumpLimits(512, 16L << 20, 256, 8, Duration.ofSeconds(60));
}

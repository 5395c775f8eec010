// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.application.range;

import dev.espalier.schemas.Sha256;
import java.util.List;

/**
 * What the pieces of a file have as digests whose digest as a whole is the one announced. Sums are
 * merged only if they were made of these pieces.
 *
 * @param header of the bytes before the first range
 * @param ranges in their order
 */
record RangeDigests(Sha256 header, List<Sha256> ranges) {

    RangeDigests {
        ranges = List.copyOf(ranges);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.e2e;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** The tensors of a safetensors file without its header, which names the run. */
final class Bodies {

    private Bodies() {}

    static byte[] of(byte[] safetensors) {
        long header = ByteBuffer.wrap(safetensors).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
        return Arrays.copyOfRange(safetensors, Math.toIntExact(8 + header), safetensors.length);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.domain;

/**
 * Consecutive chunks of a snapshot, and the bytes of the file that they stand in. The ranges of a
 * snapshot leave no byte after the header out, so what lies between the tensors belongs to one,
 * too.
 *
 * @param toChunk exclusive
 * @param toByte exclusive
 */
public record ChunkRange(long fromChunk, long toChunk, long fromByte, long toByte) {}

// SPDX-License-Identifier: Apache-2.0
/**
 * The object store behind one small interface: write once, read by ranges, create if absent,
 * digests checked.
 */
@NullMarked
package dev.espalier.transport.objects;

import org.jspecify.annotations.NullMarked;

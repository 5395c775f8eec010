// SPDX-License-Identifier: Apache-2.0
/**
 * The one use case: a snapshot is measured once, its document stored, its event published; again
 * and again, with the same bytes, where the snapshot is announced again. Knows the object store as
 * an interface and no framework.
 */
@NullMarked
package dev.espalier.pqi.application;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
/**
 * The only table of failures: which class an error belongs to, and therefore what is done about it.
 * {@code docs/failures.md} explains it.
 */
@NullMarked
package dev.espalier.transport.failure;

import org.jspecify.annotations.NullMarked;

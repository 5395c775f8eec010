// SPDX-License-Identifier: Apache-2.0

/**
 * The topics: what comes in is checked and handed on at once, what goes out is written by the
 * codec.
 */
@NullMarked
package dev.espalier.trainer.adapter.kafka;

import org.jspecify.annotations.NullMarked;

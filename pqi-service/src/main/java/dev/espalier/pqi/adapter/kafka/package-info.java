// SPDX-License-Identifier: Apache-2.0
/**
 * The snapshots topic as input, the measurements topic as output. Only here is decided what is
 * acknowledged, repeated or a dead letter.
 */
@NullMarked
package dev.espalier.pqi.adapter.kafka;

import org.jspecify.annotations.NullMarked;

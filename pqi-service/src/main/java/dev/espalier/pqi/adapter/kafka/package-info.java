// SPDX-License-Identifier: Apache-2.0
/**
 * Snapshots and ranges as input, measurements and ranges as output. Only here is decided what is
 * acknowledged, repeated or a dead letter.
 */
@NullMarked
package dev.espalier.pqi.adapter.kafka;

import org.jspecify.annotations.NullMarked;

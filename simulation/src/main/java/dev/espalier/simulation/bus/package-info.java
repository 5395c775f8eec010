// SPDX-License-Identifier: Apache-2.0
/**
 * Topics in memory as Kafka has them: partitions in order, consumer groups with static members,
 * offsets that are committed now and then, records that come again. The records are those that the
 * real codec writes.
 */
@NullMarked
package dev.espalier.simulation.bus;

import org.jspecify.annotations.NullMarked;

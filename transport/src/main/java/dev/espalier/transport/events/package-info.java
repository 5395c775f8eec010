// SPDX-License-Identifier: Apache-2.0
/**
 * Events as CloudEvents in Kafka's binary mode, checked against their JSON Schema, and compacted
 * topics as live maps.
 */
@NullMarked
package dev.espalier.transport.events;

import org.jspecify.annotations.NullMarked;

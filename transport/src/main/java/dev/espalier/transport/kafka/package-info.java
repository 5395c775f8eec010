// SPDX-License-Identifier: Apache-2.0
/** Settings and errors of Kafka clients, the same for every client of the project. */
@NullMarked
package dev.espalier.transport.kafka;

import org.jspecify.annotations.NullMarked;

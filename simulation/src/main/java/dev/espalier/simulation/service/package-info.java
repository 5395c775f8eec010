// SPDX-License-Identifier: Apache-2.0
/**
 * The services as processes: their use cases as they are, around which adapters do what those of
 * Kafka, the store and DJL do.
 */
@NullMarked
package dev.espalier.simulation.service;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
/**
 * Virtual time. Processes consist of actors, of which exactly one runs at any instant; what runs
 * next follows from the seed alone.
 */
@NullMarked
package dev.espalier.simulation.schedule;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
/**
 * The whole loop in one JVM and in virtual time, under everything that can go wrong. One seed is
 * one schedule; the invariants of {@code docs/architecture.md} are what is asked of each.
 */
@NullMarked
package dev.espalier.simulation;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
/** Reads every topic of the contract from the beginning, in no group. */
@NullMarked
package dev.espalier.dashboard.adapter.kafka;

import org.jspecify.annotations.NullMarked;

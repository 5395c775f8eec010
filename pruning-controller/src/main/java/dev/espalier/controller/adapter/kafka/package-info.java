// SPDX-License-Identifier: Apache-2.0
/** Measurements in, decisions out; the compacted topics of runs and policies as views. */
@NullMarked
package dev.espalier.controller.adapter.kafka;

import org.jspecify.annotations.NullMarked;

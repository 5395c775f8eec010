// SPDX-License-Identifier: Apache-2.0
/** Where a run stands, by the course of its PQ Index. */
@NullMarked
package dev.espalier.controller.domain.phase;

import org.jspecify.annotations.NullMarked;

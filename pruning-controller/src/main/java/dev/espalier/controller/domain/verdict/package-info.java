// SPDX-License-Identifier: Apache-2.0
/** What follows from a plan: prune, keep or stop, each with its reason. */
@NullMarked
package dev.espalier.controller.domain.verdict;

import org.jspecify.annotations.NullMarked;

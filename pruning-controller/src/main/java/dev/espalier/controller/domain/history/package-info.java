// SPDX-License-Identifier: Apache-2.0
/** What was decided before on the same run. Nothing of it is kept in memory. */
@NullMarked
package dev.espalier.controller.domain.history;

import org.jspecify.annotations.NullMarked;

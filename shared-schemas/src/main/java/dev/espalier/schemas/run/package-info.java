// SPDX-License-Identifier: Apache-2.0
/** What a run should be: its specification, its desired state, and the states it reports. */
@NullMarked
package dev.espalier.schemas.run;

import org.jspecify.annotations.NullMarked;

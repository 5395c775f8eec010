// SPDX-License-Identifier: Apache-2.0
/** Property tests over seeded random cases, for every module. */
@NullMarked
package dev.espalier.schemas.testing;

import org.jspecify.annotations.NullMarked;

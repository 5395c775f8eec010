// SPDX-License-Identifier: Apache-2.0
/** Property tests over seeded random cases, and the catalogue of metrics, for every module. */
@NullMarked
package dev.espalier.schemas.testing;

import org.jspecify.annotations.NullMarked;

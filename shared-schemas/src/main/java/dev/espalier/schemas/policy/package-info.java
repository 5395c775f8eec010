// SPDX-License-Identifier: Apache-2.0
/** Policy documents: what to prune, by which rule, and when to stop. */
@NullMarked
package dev.espalier.schemas.policy;

import org.jspecify.annotations.NullMarked;

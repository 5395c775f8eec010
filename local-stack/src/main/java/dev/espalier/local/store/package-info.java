// SPDX-License-Identifier: Apache-2.0
/** The embedded object store and its keys. */
@NullMarked
package dev.espalier.local.store;

import org.jspecify.annotations.NullMarked;

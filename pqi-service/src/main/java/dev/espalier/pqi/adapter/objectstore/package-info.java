// SPDX-License-Identifier: Apache-2.0
/** The object store of the configuration, with patience for one that is away. */
@NullMarked
package dev.espalier.pqi.adapter.objectstore;

import org.jspecify.annotations.NullMarked;

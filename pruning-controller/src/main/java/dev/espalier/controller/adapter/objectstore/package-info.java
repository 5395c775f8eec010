// SPDX-License-Identifier: Apache-2.0
/** The store where weights, masks and decisions are. */
@NullMarked
package dev.espalier.controller.adapter.objectstore;

import org.jspecify.annotations.NullMarked;

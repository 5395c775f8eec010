// SPDX-License-Identifier: Apache-2.0
/** Configuration, and the objects that are made from it. */
@NullMarked
package dev.espalier.dashboard.adapter.config;

import org.jspecify.annotations.NullMarked;

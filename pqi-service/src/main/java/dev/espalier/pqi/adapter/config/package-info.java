// SPDX-License-Identifier: Apache-2.0
/** The configuration, mapped once into the records of the inner layers. */
@NullMarked
package dev.espalier.pqi.adapter.config;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
/** Tells the platform whether the controller can decide. */
@NullMarked
package dev.espalier.controller.adapter.health;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
/**
 * The events of the loop, one record each, and the list of their types. See the README beside this
 * module.
 */
@NullMarked
package dev.espalier.schemas.event;

import org.jspecify.annotations.NullMarked;

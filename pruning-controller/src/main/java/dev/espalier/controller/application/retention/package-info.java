// SPDX-License-Identifier: Apache-2.0
/** How long the objects of runs that are over stay in the store. */
@NullMarked
package dev.espalier.controller.application.retention;

import org.jspecify.annotations.NullMarked;

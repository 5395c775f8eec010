// SPDX-License-Identifier: Apache-2.0
/** Runs invented for tests, and a program that plays them to a dashboard for the eye. */
@NullMarked
package dev.espalier.dashboard.testing;

import org.jspecify.annotations.NullMarked;

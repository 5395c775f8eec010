// SPDX-License-Identifier: Apache-2.0
/** Taking events in, and answering what is known about the runs. */
@NullMarked
package dev.espalier.dashboard.application;

import org.jspecify.annotations.NullMarked;

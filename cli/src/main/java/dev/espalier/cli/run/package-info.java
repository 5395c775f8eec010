// SPDX-License-Identifier: Apache-2.0
/** Runs: how their specification comes about, how they are followed, how they are reported. */
@NullMarked
package dev.espalier.cli.run;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
/** Data sets with a public home, fetched on request and never otherwise. */
@NullMarked
package dev.espalier.cli.data;

import org.jspecify.annotations.NullMarked;

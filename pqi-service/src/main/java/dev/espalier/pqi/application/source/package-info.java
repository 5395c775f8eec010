// SPDX-License-Identifier: Apache-2.0
/** Brings weights and masks from the store and checks their digests while they are read. */
@NullMarked
package dev.espalier.pqi.application.source;

import org.jspecify.annotations.NullMarked;

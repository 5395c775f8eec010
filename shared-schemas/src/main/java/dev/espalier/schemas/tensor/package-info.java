// SPDX-License-Identifier: Apache-2.0
/** The safetensors and mask codecs. They trust nothing that they read. */
@NullMarked
package dev.espalier.schemas.tensor;

import org.jspecify.annotations.NullMarked;

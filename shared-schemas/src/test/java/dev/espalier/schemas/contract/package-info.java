// SPDX-License-Identifier: Apache-2.0
/** Holds schemas, records, examples and {@code asyncapi.yaml} to one another. */
@NullMarked
package dev.espalier.schemas.contract;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
/**
 * The JSON and YAML documents of the contract: strict where people write them, canonical where they
 * are digested.
 */
@NullMarked
package dev.espalier.transport.documents;

import org.jspecify.annotations.NullMarked;

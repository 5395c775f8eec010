// SPDX-License-Identifier: Apache-2.0
/** The embedded broker and the topics of the contract. */
@NullMarked
package dev.espalier.local.kafka;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
/**
 * A store without a network, for tests and simulations. It keeps the promises of a real one, which
 * one contract test asks of both.
 */
@NullMarked
package dev.espalier.transport.memory;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
/** The only retry schedule of the project. */
@NullMarked
package dev.espalier.transport.retry;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
/** What the integration tests of several services share: a real broker, a real store, clients. */
@NullMarked
package dev.espalier.testing;

import org.jspecify.annotations.NullMarked;

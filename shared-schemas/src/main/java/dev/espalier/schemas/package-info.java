// SPDX-License-Identifier: Apache-2.0
/** The contract between the services: everything that crosses a process boundary is named here. */
@NullMarked
package dev.espalier.schemas;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
/** What needs no stack: measuring and deciding on files, with the very code of the services. */
@NullMarked
package dev.espalier.cli.offline;

import org.jspecify.annotations.NullMarked;

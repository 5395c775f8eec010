// SPDX-License-Identifier: Apache-2.0
/**
 * What people and programs see: tables, JSON documents, progress. The only place that writes to the
 * standard streams.
 */
@NullMarked
package dev.espalier.cli.console;

import org.jspecify.annotations.NullMarked;

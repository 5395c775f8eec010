// SPDX-License-Identifier: Apache-2.0
/** Runs as JSON and as a stream, and errors as problem documents. */
@NullMarked
package dev.espalier.dashboard.adapter.http;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
/** Runs as JSON and as a stream, errors as problem documents, readiness. */
@NullMarked
package dev.espalier.dashboard.adapter.http;

import org.jspecify.annotations.NullMarked;

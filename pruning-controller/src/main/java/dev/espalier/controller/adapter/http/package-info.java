// SPDX-License-Identifier: Apache-2.0
/** What health checks ask. */
@NullMarked
package dev.espalier.controller.adapter.http;

import org.jspecify.annotations.NullMarked;

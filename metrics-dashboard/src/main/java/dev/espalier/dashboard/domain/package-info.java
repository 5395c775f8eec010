// SPDX-License-Identifier: Apache-2.0
/** What the events say about each run, put together. It decides nothing. */
@NullMarked
package dev.espalier.dashboard.domain;

import org.jspecify.annotations.NullMarked;

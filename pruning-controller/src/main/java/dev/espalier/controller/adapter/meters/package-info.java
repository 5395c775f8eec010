// SPDX-License-Identifier: Apache-2.0
/** What is counted, under the names of the metrics catalogue. */
@NullMarked
package dev.espalier.controller.adapter.meters;

import org.jspecify.annotations.NullMarked;

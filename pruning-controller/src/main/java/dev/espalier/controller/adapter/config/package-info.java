// SPDX-License-Identifier: Apache-2.0
/** Configuration, and how the parts of the service are put together. */
@NullMarked
package dev.espalier.controller.adapter.config;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
/**
 * Turns a measurement into the one decision on its iteration: register first, mask second, event
 * last, so that any crash is mended by the repeated message.
 */
@NullMarked
package dev.espalier.controller.application;

import org.jspecify.annotations.NullMarked;

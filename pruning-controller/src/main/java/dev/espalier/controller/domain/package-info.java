// SPDX-License-Identifier: Apache-2.0
/**
 * What the service decides, without a service: the command line decides with the same classes on
 * files. Nothing but the JDK and the contract.
 */
@NullMarked
package dev.espalier.controller.domain;

import org.jspecify.annotations.NullMarked;

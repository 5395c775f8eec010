// SPDX-License-Identifier: Apache-2.0
/**
 * Makes one decision: reads the snapshot, asks the policy, writes mask and record, announces them.
 */
@NullMarked
package dev.espalier.controller.application.decision;

import org.jspecify.annotations.NullMarked;

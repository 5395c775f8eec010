// SPDX-License-Identifier: Apache-2.0
/**
 * How many weights of each group go under a policy: Algorithm 1 of Diao et al., ICLR 2023, and its
 * two baselines. Pure arithmetic on what was measured; no weight is read.
 */
@NullMarked
package dev.espalier.controller.domain.planning;

import org.jspecify.annotations.NullMarked;

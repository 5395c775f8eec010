// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.sparsity;

/** A tensor that is not measured or not pruned, and why. */
public record ExcludedTensor(String tensor, String reason) {}

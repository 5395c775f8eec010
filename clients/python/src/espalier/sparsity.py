# SPDX-License-Identifier: Apache-2.0
"""The PQ Index of Diao et al., ICLR 2023 (arXiv 2302.05601)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from espalier.errors import UsageError
from espalier.masks import as_array


def pqi(tensor: Any, p: float = 0.5, q: float = 1.0, mask: Any = None) -> float:
    """Computes the PQ Index of a group of weights: 0 if all magnitudes are equal, near 1 if few weights dominate.

    ``I = 1 - (sum |w|^p / d)^(1/p) / (sum |w|^q / d)^(1/q)`` over the d active weights. It agrees with the measurement
    of pqi-service to about 1e-12, not to the last bit.

    Args:
        tensor: a numpy array, a torch tensor or a sequence of numbers
        p: the exponent of the first norm
        q: the exponent of the second norm, above p
        mask: which weights are active; all by default. A pruned weight does not count, an active zero does

    Returns:
        The index, or NaN where it is undefined: without an active weight, or if all of them are 0.
    """
    if not 0 < p < q:
        raise UsageError(f"p is {p} and q is {q}, but 0 < p < q is required")
    weights = np.abs(as_array(tensor)).reshape(-1)
    if mask is not None:
        weights = weights[np.asarray(mask.cpu() if hasattr(mask, "cpu") else mask, dtype=bool).reshape(-1)]
    if weights.size == 0 or not weights.any():
        return math.nan
    largest = weights.max()
    scaled = weights / largest
    means = [float(np.power(np.power(scaled, s).mean(), 1.0 / s)) for s in (p, q)]
    return max(0.0, 1.0 - means[0] / means[1])

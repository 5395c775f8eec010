# SPDX-License-Identifier: Apache-2.0
"""Random numbers that depend on the iteration only, so that a resumed iteration is trained as an undisturbed one."""

from __future__ import annotations

import hashlib
import random
import sys

import numpy as np


def seed_all(seed: int, iteration: int, rank: int) -> None:
    """Seeds the generators of Python, numpy and torch."""
    digest = hashlib.sha256(f"{seed}/{iteration}/{rank}".encode()).digest()
    random.seed(int.from_bytes(digest[:8], "little"))
    np.random.seed(int.from_bytes(digest[8:12], "little"))
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.manual_seed(int.from_bytes(digest[16:23], "little"))

# SPDX-License-Identifier: Apache-2.0
"""Tensors that several processes share (FSDP2): what of them is here, and how to gather the rest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from espalier.errors import UsageError
from espalier.masks import Mask


def is_sharded(tensor: Any) -> bool:
    """Whether the tensor is a DTensor."""
    return hasattr(tensor, "to_local") and hasattr(tensor, "placements")


def local(tensor: Any) -> torch.Tensor:
    """The part of the tensor in this process; it shares the memory of the tensor."""
    found: torch.Tensor = tensor.to_local() if is_sharded(tensor) else tensor
    return found


def full(tensor: Any) -> torch.Tensor:
    """The whole tensor. All processes must take part."""
    found: torch.Tensor = tensor.full_tensor() if is_sharded(tensor) else tensor
    return found


def _rows(tensor: Any) -> tuple[int, int | None] | None:
    """The rows in this process: (0, None) for all; None where the tensor is not cut into rows."""
    if not is_sharded(tensor):
        return 0, None
    sharded = [(i, p) for i, p in enumerate(tensor.placements) if not p.is_replicate()]
    if not sharded:
        return 0, None
    mesh = tensor.device_mesh
    if len(sharded) > 1 or not sharded[0][1].is_shard(0):
        return None
    dim = sharded[0][0]
    size, rank = mesh.size(dim), mesh.get_local_rank(dim)
    each = -(-tensor.shape[0] // size)
    first = min(rank * each, tensor.shape[0])
    return first, min(first + each, tensor.shape[0])


def local_values(tensor: Any, read: Callable[[int, int | None], torch.Tensor]) -> torch.Tensor:
    """What belongs into this process's part of a tensor.

    Args:
        tensor: the tensor
        read: gets the first row and the row after the last, None for all
    """
    rows = _rows(tensor)
    if rows is not None:
        values = read(*rows)
        return values.to(local(tensor).device)
    from torch.distributed.tensor import distribute_tensor  # noqa: PLC0415

    whole = read(0, None).to(local(tensor).device)
    return distribute_tensor(whole, tensor.device_mesh, tensor.placements).to_local()


def local_mask(tensor: Any, mask: Mask, name: str) -> torch.Tensor:
    """The mask of this process's part of a tensor, True for an active weight."""

    def read(first: int, last: int | None) -> torch.Tensor:
        array = mask[name] if last is None else mask.rows(name, first, last)
        return torch.from_numpy(array)

    if mask.shape(name) != tuple(tensor.shape):
        raise UsageError(f"the mask of {name} has another shape than the tensor")
    return local_values(tensor, read)

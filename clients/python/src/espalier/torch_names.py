# SPDX-License-Identifier: Apache-2.0
"""Names of the tensors of a PyTorch module, without the prefixes of wrappers, and each tensor once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import nn

from espalier.errors import UsageError

_PRIVATE = ("_orig_mod", "_fsdp_wrapped_module", "_checkpoint_wrapped_module")
_WRAPPERS = (nn.parallel.DistributedDataParallel, nn.DataParallel, torch.optim.swa_utils.AveragedModel)
_NOT_A_PARAMETER = ".buffer"
_FROZEN = ".frozen"


@dataclass(frozen=True)
class Entry:
    """One tensor of a model.

    Args:
        key: its name in the ``state_dict``
        name: its name in a snapshot
        reason: why it cannot be pruned, apart from the rules of the protocol
    """

    key: str
    name: str
    reason: str | None = None


def plain_names(model: nn.Module) -> dict[str, str]:
    """The name of each tensor in the ``state_dict``, to its name without the prefixes of wrappers."""
    wrapped = {path for path, module in model.named_modules() if isinstance(module, _WRAPPERS)}
    names = {key: _plain(key, wrapped) for key in model.state_dict(keep_vars=True)}
    found: dict[str, str] = {}
    for key, name in names.items():
        if name in found:
            raise UsageError(f"the tensors {found[name]} and {key} have the same name {name} without their wrappers")
        found[name] = key
    return names


def _plain(key: str, wrapped: set[str]) -> str:
    kept: list[str] = []
    parts = key.split(".")
    for i, part in enumerate(parts):
        if part in _PRIVATE or (part == "module" and ".".join(parts[:i]) in wrapped):
            continue
        kept.append(part)
    return ".".join(kept)


def entries(model: nn.Module) -> tuple[list[Entry], dict[str, str]]:
    """The tensors to publish, and why other tensors are left out.

    A tied tensor is published once, under its first name. A frozen parameter and a buffer must not be pruned, so their
    names get an ending that no mask names.
    """
    names = plain_names(model)
    state = model.state_dict(keep_vars=True)
    parameters = {id(parameter) for _, parameter in model.named_parameters()}
    kept: list[Entry] = []
    left_out: dict[str, str] = {}
    first: dict[tuple[object, ...], str] = {}
    for key, value in state.items():
        name = names[key]
        if not isinstance(value, torch.Tensor):
            left_out[name] = f"it is a {type(value).__name__}, not a tensor"
            continue
        identity = _identity(value)
        if identity is not None and identity in first:
            left_out[name] = f"it is the same tensor as {first[identity]}"
            continue
        if identity is not None:
            first[identity] = name
        kept.append(_entry(key, name, value, id(value) in parameters))
    return kept, left_out


def _entry(key: str, name: str, value: torch.Tensor, is_parameter: bool) -> Entry:
    if not name.endswith("weight") or value.dim() < 2:
        return Entry(key, name)
    if not is_parameter:
        return Entry(key, name + _NOT_A_PARAMETER, "it is a buffer, not a parameter")
    if not value.requires_grad:
        return Entry(key, name + _FROZEN, "it is frozen: requires_grad is False")
    return Entry(key, name)


def _identity(value: torch.Tensor) -> tuple[object, ...] | None:
    """What two names of one tensor share: the object, or the same stretch of the same memory."""
    if value.numel() == 0:
        return None
    local = value.to_local() if hasattr(value, "to_local") else value
    if local.device.type == "meta":
        raise UsageError("the model has tensors on the device 'meta'", "Try: materialise the model before the session")
    if local.numel() == 0:
        return ("object", id(value))
    return (local.device, local.data_ptr(), value.dtype, tuple(value.shape), tuple(local.stride()))


def parameters_by_name(model: nn.Module) -> Iterator[tuple[str, nn.Parameter]]:
    """All parameters, under all their names, without the prefixes of wrappers."""
    wrapped = {path for path, module in model.named_modules() if isinstance(module, _WRAPPERS)}
    for key, parameter in model.named_parameters(remove_duplicate=False):
        yield _plain(key, wrapped), parameter

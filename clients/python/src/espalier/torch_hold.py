# SPDX-License-Identifier: Apache-2.0
"""Keeps pruned weights at 0 while an optimizer trains the others.

After each step, the pruned weights become 0, and so does what the optimizer remembers about them (momentum). The hook
belongs to the optimizer, so gradient accumulation and skipped steps of a ``GradScaler`` need nothing more.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import nn

from espalier.errors import UsageError
from espalier.torch_names import parameters_by_name
from espalier.torch_shards import local

_Pair = tuple[torch.Tensor, torch.Tensor]


class Hold:
    """The hook on one optimizer."""

    def __init__(
        self,
        model: nn.Module,
        optimizer: Any,
        parameters: Mapping[str, nn.Parameter],
        masters: Mapping[Any, Any] | None = None,
        copies: tuple[Any, ...] = (),
        gradients: bool = False,
    ) -> None:
        """Takes the options of :meth:`espalier.iteration.Iteration.optimizer`."""
        self._optimizer: torch.optim.Optimizer = getattr(optimizer, "optimizer", optimizer)
        if not hasattr(self._optimizer, "register_step_post_hook"):
            raise UsageError(f"{type(optimizer).__name__} is not a torch.optim.Optimizer")
        self._parameters = dict(parameters)
        self._masters = _masters(model, masters)
        self._copies = [dict(parameters_by_name(copy)) for copy in copies]
        self._gradients = gradients
        self._gradient_hooks: list[Any] = []
        self._weights: list[_Pair] = []
        self._states: list[tuple[torch.Tensor, torch.Tensor]] = []
        self._require_updates()
        self._hook = self._optimizer.register_step_post_hook(self._after_step)

    def _updated(self) -> dict[int, torch.Tensor]:
        return {id(p): p for group in self._optimizer.param_groups for p in group["params"]}

    def _require_updates(self) -> None:
        updated = self._updated()
        known = {id(p) for p in self._parameters.values()} | {id(m) for m in self._masters.values()}
        if not known & updated.keys():
            raise UsageError(
                "the optimizer updates no parameter of the model",
                "Try: make the optimizer from model.parameters(), or name the copies that it updates: "
                "iteration.optimizer(optimizer, masters={parameter: copy})",
            )

    def apply(self, pruned: Mapping[str, torch.Tensor]) -> None:
        """Takes a mask: True for a pruned weight. It holds from now on."""
        self._weights, self._states = [], []
        for hook in self._gradient_hooks:
            hook.remove()
        self._gradient_hooks = []
        updated = self._updated()
        for name, gone in pruned.items():
            parameter = self._parameters.get(name)
            if parameter is None:
                continue
            targets = [parameter, self._masters.get(name), *(copy.get(name) for copy in self._copies)]
            for target in targets:
                if target is not None:
                    self._weights.append((target, gone.to(local(target).device)))
                    if id(target) in updated:
                        self._states.append((target, gone))
            if self._gradients and parameter.requires_grad:
                register: Any = parameter.register_post_accumulate_grad_hook
                self._gradient_hooks.append(register(_Silence(gone)))
        self._mask_now()

    @torch.no_grad()
    def _mask_now(self) -> None:
        for target, gone in self._weights:
            local(target.detach()).masked_fill_(gone, 0)
        for target, gone in self._states:
            for value in self._optimizer.state.get(target, {}).values():
                if isinstance(value, torch.Tensor) and value.shape == target.shape:
                    local(value).masked_fill_(gone, 0)

    def _after_step(self, _optimizer: Any, _arguments: Any, _keywords: Any) -> None:
        self._mask_now()

    def release(self) -> None:
        """Removes all hooks."""
        self._hook.remove()
        for hook in self._gradient_hooks:
            hook.remove()
        self._weights, self._states, self._gradient_hooks = [], [], []


class _Silence:
    """Sets the gradients of pruned weights to 0."""

    def __init__(self, gone: torch.Tensor) -> None:
        self._gone = gone

    def __call__(self, parameter: torch.Tensor) -> None:
        if parameter.grad is not None:
            local(parameter.grad).masked_fill_(self._gone, 0)


def _masters(model: nn.Module, masters: Mapping[Any, Any] | None) -> dict[str, torch.Tensor]:
    """The master copies by the name of their parameter."""
    if not masters:
        return {}
    by_id = {id(parameter): copy for parameter, copy in masters.items() if not isinstance(parameter, str)}
    found: dict[str, torch.Tensor] = {}
    for name, parameter in parameters_by_name(model):
        copy = masters.get(name, by_id.get(id(parameter)))
        if copy is not None:
            if copy.shape != parameter.shape:
                raise UsageError(f"the master copy of {name} has the shape {list(copy.shape)}")
            found[name] = copy
    return found

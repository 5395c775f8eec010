# SPDX-License-Identifier: Apache-2.0
"""A PyTorch module as a network of a session.

Nothing of the module is replaced: no parametrisation, no forward hook, no change of its ``state_dict``. Masks act on
the values of the parameters, in place.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

import numpy as np
import torch
from torch import nn

from espalier.errors import UsageError
from espalier.masks import Mask, read_mask
from espalier.network import Layout, Network
from espalier.store import Chunk
from espalier.tensorfile import TensorFile, TensorInfo
from espalier.torch_hold import Hold
from espalier.torch_names import entries
from espalier.torch_shards import full, is_sharded, local, local_mask, local_values

DTYPES = {
    torch.float64: "F64",
    torch.float32: "F32",
    torch.float16: "F16",
    torch.bfloat16: "BF16",
    torch.int64: "I64",
    torch.int32: "I32",
    torch.int16: "I16",
    torch.int8: "I8",
    torch.uint8: "U8",
    torch.bool: "BOOL",
    torch.float8_e4m3fn: "F8_E4M3",
    torch.float8_e5m2: "F8_E5M2",
}
TYPES = {name: dtype for dtype, name in DTYPES.items()}
_CHUNK = 4 << 20


def is_module(model: Any) -> bool:
    """Whether the model is a PyTorch module."""
    return isinstance(model, nn.Module)


class TorchNetwork:
    """A ``torch.nn.Module`` whose weights are published and pruned."""

    def __init__(self, model: nn.Module) -> None:
        """Fixes the layout: which tensors are published, under which names."""
        self.model = model
        kept, left_out = entries(model)
        state = model.state_dict(keep_vars=True)
        self._keys: dict[str, str] = {}
        infos, reasons = [], dict(left_out)
        for entry in kept:
            dtype = DTYPES.get(state[entry.key].dtype)
            if dtype is None:
                reasons[entry.name] = f"its type is {state[entry.key].dtype}, which a safetensors file cannot hold"
                continue
            if entry.reason is not None:
                reasons[entry.name] = entry.reason
            self._keys[entry.name] = entry.key
            infos.append(TensorInfo(entry.name, dtype, tuple(state[entry.key].shape)))
        self.layout = Layout.of(tuple(infos), reasons)
        self.is_sharded = any(is_sharded(state[key]) for key in self._keys.values())
        self.mask: Mask | None = None
        self._pruned: dict[str, torch.Tensor] = {}
        self._holds: list[Hold] = []

    def tensors(self) -> dict[str, torch.Tensor]:
        """The tensors as they are now, by their name in a snapshot, in the order of the file."""
        state = self.model.state_dict(keep_vars=True)
        found: dict[str, torch.Tensor] = {}
        for info in self.layout.infos:
            tensor = state[self._keys[info.name]]
            if tuple(tensor.shape) != info.shape or DTYPES.get(tensor.dtype) != info.dtype:
                now = TensorInfo(info.name, DTYPES.get(tensor.dtype, str(tensor.dtype)), tuple(tensor.shape))
                others = (other for other in self.layout.infos if other.name != info.name)
                self.layout.require_same((now, *others), "the model as it is now")
            found[info.name] = tensor.detach()
        return found

    def chunks(self) -> Iterator[Chunk]:
        """The bytes of all tensors in the order of the file, one tensor at a time on the CPU."""
        for tensor in self.tensors().values():
            whole = full(tensor)
            values = as_bytes(whole)
            for start in range(0, len(values), _CHUNK):
                yield values[start : start + _CHUNK]
            del whole, values

    @torch.no_grad()
    def load(self, file: TensorFile) -> None:
        """Copies the weights of a file into the model."""
        for name, tensor in self.tensors().items():
            info = file.info(name)
            local(tensor).copy_(
                local_values(tensor, lambda first, last, info=info: _rows(file, info, first, last))  # type: ignore[misc]
            )

    def apply(self, mask: Mask | None) -> None:
        """Sets the pruned weights to 0, in the model and in everything that is held."""
        tensors = self.tensors()
        if mask is not self.mask or any(
            pruned.device != local(tensors[name]).device for name, pruned in self._pruned.items()
        ):
            self.mask = mask
            self._pruned = (
                {}
                if mask is None
                else {name: ~local_mask(tensors[name], mask, name) for name in mask if not mask[name].all()}
            )
        with torch.no_grad():
            for name, pruned in self._pruned.items():
                local(tensors[name]).masked_fill_(pruned, 0)
        for hold in self._holds:
            hold.apply(self._pruned)

    def non_finite(self) -> str | None:
        """Names an active weight that is NaN or infinite. Pruned weights are 0 here."""
        for name, tensor in self.tensors().items():
            values = local(tensor)
            if values.is_floating_point() and values.element_size() > 1:
                finite = torch.isfinite(values)
                if not bool(finite.all()):
                    first = int((~finite).reshape(-1).nonzero()[0])
                    wrong = int((~finite).sum())
                    return f"{wrong} of {values.numel()} values of {name} are not finite, the first at {first}"
        return None

    def digest(self) -> str:
        """A digest of the parameters; buffers may differ between processes."""
        digest = hashlib.sha256()
        names = {name for name, _ in self.model.named_parameters()}
        for name, tensor in self.tensors().items():
            if self._keys[name] in names:
                digest.update(as_bytes(local(tensor)))
        return digest.hexdigest()

    def hold(self, optimizer: Any, **options: Any) -> None:
        """Keeps the pruned weights at 0 after each step of an optimizer."""
        hold = Hold(self.model, optimizer, self.tensors_by_parameter(), **options)
        self._holds.append(hold)
        hold.apply(self._pruned)

    def tensors_by_parameter(self) -> dict[str, nn.Parameter]:
        """The parameters by their name in a snapshot."""
        state = self.model.state_dict(keep_vars=True)
        return {
            name: parameter for name, key in self._keys.items() if isinstance(parameter := state[key], nn.Parameter)
        }

    def release(self) -> None:
        """Lets go of all optimizers."""
        for hold in self._holds:
            hold.release()
        self._holds.clear()


def as_bytes(tensor: torch.Tensor) -> memoryview:
    """The bytes of a tensor, row-major."""
    flat = tensor.detach().to("cpu").contiguous().reshape(-1)
    return flat.view(torch.uint8).numpy().data


def _rows(file: TensorFile, info: TensorInfo, first: int, last: int | None) -> torch.Tensor:
    data = file.rows(info.name, first, last)
    shape = info.shape if last is None else (last - first, *info.shape[1:])
    if len(data) == 0:
        return torch.empty(shape, dtype=TYPES[info.dtype])
    values = torch.from_numpy(np.frombuffer(data, np.uint8).copy())
    return values.view(TYPES[info.dtype]).reshape(shape)


def apply_mask(model: Any, mask: Any) -> Any:
    """Sets the pruned weights of a model to 0, once.

    Args:
        model: a ``torch.nn.Module``
        mask: a mask file, or what :func:`espalier.read_mask` returned

    Returns:
        The model.
    """
    if not is_module(model):
        raise UsageError(f"{type(model).__name__} is not a torch.nn.Module")
    network = TorchNetwork(model)
    read = mask if isinstance(mask, Mask) else read_mask(mask)
    read.require_fits({info.name: info.shape for info in network.layout.infos})
    network.apply(read)
    return model


def recalibrate(network: Network, loader: Iterable[Any], batches: int | None) -> None:
    """Estimates the running statistics of all normalisation layers again, as plain averages."""
    model = cast(TorchNetwork, network).model
    layers = [m for m in model.modules() if isinstance(m, nn.modules.batchnorm._BatchNorm) and m.track_running_stats]
    if not layers:
        return
    modes: Mapping[nn.Module, bool] = {m: m.training for m in model.modules()}
    momenta = [layer.momentum for layer in layers]
    device = next(model.parameters()).device
    try:
        model.eval()
        for layer in layers:
            layer.reset_running_stats()
            layer.momentum = None
            layer.train()
        with torch.no_grad():
            for i, batch in enumerate(loader):
                if batches is not None and i >= batches:
                    break
                inputs = batch[0] if isinstance(batch, list | tuple) else batch
                model(inputs.to(device))
    finally:
        for layer, momentum in zip(layers, momenta, strict=True):
            layer.momentum = momentum
        for module, mode in modes.items():
            module.training = mode

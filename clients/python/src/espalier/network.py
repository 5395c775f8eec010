# SPDX-License-Identifier: Apache-2.0
"""What a session needs of a network. ``espalier.torch_network`` implements it for PyTorch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from espalier.errors import LayoutChangedError, UsageError
from espalier.masks import Mask
from espalier.store import Chunk
from espalier.tensorfile import TensorFile, TensorInfo, in_file_order


@dataclass(frozen=True)
class Layout:
    """The tensors of a snapshot in the order of the file, and why the others cannot be pruned."""

    infos: tuple[TensorInfo, ...]
    unprunable: Mapping[str, str]

    @staticmethod
    def of(infos: tuple[TensorInfo, ...], unprunable: Mapping[str, str]) -> Layout:
        """Sorts the tensors and adds the reasons that follow from the protocol."""
        reasons = dict(unprunable)
        for info in infos:
            if info.unprunable is not None:
                reasons.setdefault(info.name, info.unprunable)
        return Layout(in_file_order(infos), dict(sorted(reasons.items())))

    @property
    def nbytes(self) -> int:
        """Size of the buffer of a file."""
        return sum(info.nbytes for info in self.infos)

    @property
    def prunable(self) -> tuple[TensorInfo, ...]:
        """The tensors that a policy may prune."""
        return tuple(info for info in self.infos if info.unprunable is None)

    def require_same(self, other: tuple[TensorInfo, ...], whose: str) -> None:
        """Refuses tensors of other names, shapes or types."""
        mine = {info.name: info for info in self.infos}
        theirs = {info.name: info for info in other}
        for name in sorted(mine.keys() | theirs.keys()):
            if mine.get(name) != theirs.get(name):
                raise LayoutChangedError(
                    f"the tensor {name} is {_told(mine.get(name))} in this model, but {_told(theirs.get(name))} "
                    f"in {whose}",
                    "Try: choose another run id for another model",
                )


def _told(info: TensorInfo | None) -> str:
    return "absent" if info is None else f"{info.dtype} {list(info.shape)}"


@runtime_checkable
class Network(Protocol):
    """A network whose weights are published and pruned. Anything with these methods will do."""

    @property
    def layout(self) -> Layout:
        """The tensors that a snapshot holds; they never change."""

    @property
    def is_sharded(self) -> bool:
        """Whether all processes must take part when the weights are read."""

    def chunks(self) -> Iterator[Chunk]:
        """The bytes of all tensors in the order of the layout."""

    def load(self, file: TensorFile) -> None:
        """Takes the weights from a file."""

    def apply(self, mask: Mask | None) -> None:
        """Sets the pruned weights to 0, now and after each later step of a held optimizer."""

    def non_finite(self) -> str | None:
        """Names an active weight that is NaN or infinite; None if all of them are finite."""

    def digest(self) -> str:
        """A digest of the trained weights, equal on all processes that hold the same weights."""

    def hold(self, optimizer: Any, **options: Any) -> None:
        """Keeps the pruned weights at 0 after each step of an optimizer."""

    def release(self) -> None:
        """Lets go of all optimizers."""


def network_of(model: Any) -> Network:
    """The network of a model: the model itself, or a PyTorch module behind an adapter."""
    if isinstance(model, Network):
        return model
    try:
        from espalier.torch_network import TorchNetwork, is_module  # noqa: PLC0415
    except ImportError as e:
        raise UsageError(
            f"{type(model).__name__} has no method of espalier.network.Network, and torch cannot be imported",
            "Try: pip install 'espalier-pruning[torch]'",
        ) from e
    if not is_module(model):
        raise UsageError(f"{type(model).__name__} is neither a torch.nn.Module nor an espalier.network.Network")
    return TorchNetwork(model)

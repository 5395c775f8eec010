# SPDX-License-Identifier: Apache-2.0
"""Masks: one bit per weight, 1 for an active weight and 0 for a pruned weight."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from espalier.errors import CorruptArtifactError, LayoutChangedError
from espalier.tensorfile import Header, TensorInfo, header, in_file_order

FORMAT = "espalier-mask-v1"


class Mask(Mapping[str, npt.NDArray[np.bool_]]):
    """The mask of a model: name of a tensor to a Boolean array of its shape, True for an active weight.

    The bits stay packed; an array is made when it is asked for. A tensor without an entry is wholly active.
    """

    def __init__(self, bits: Mapping[str, npt.NDArray[np.uint8]], shapes: Mapping[str, tuple[int, ...]]) -> None:
        """Takes packed bits, lowest bit first, and the shape of each tensor."""
        self._bits = dict(bits)
        self._shapes = dict(shapes)

    @staticmethod
    def parse(data: bytes | memoryview, what: str = "the mask") -> Mask:
        """Reads a mask file."""
        head = Header.parse(data, what)
        if head.metadata.get("format") != FORMAT:
            raise CorruptArtifactError(f"{what} is not a mask: its format is {head.metadata.get('format')!r}")
        bits, shapes = {}, {}
        for info in head.infos:
            text = head.metadata.get(f"shape.{info.name}")
            if text is None or info.dtype != "U8":
                raise CorruptArtifactError(f"{what}: the tensor {info.name} has no shape or is not of type U8")
            shape = tuple(int(extent) for extent in text.split(",")) if text else ()
            count = TensorInfo(info.name, "U8", shape).count
            start = head.starts[info.name]
            packed = np.frombuffer(data, np.uint8, info.nbytes, start)
            if info.nbytes != -(-count // 8) or (count % 8 and packed[-1] >> count % 8):
                raise CorruptArtifactError(f"{what}: the tensor {info.name} does not have {count} bits")
            bits[info.name], shapes[info.name] = packed, shape
        return Mask(bits, shapes)

    @staticmethod
    def of(arrays: Mapping[str, npt.NDArray[np.bool_]]) -> Mask:
        """Packs Boolean arrays."""
        return Mask(
            {name: np.packbits(array.reshape(-1), bitorder="little") for name, array in arrays.items()},
            {name: array.shape for name, array in arrays.items()},
        )

    def to_bytes(self) -> bytes:
        """The mask as a file."""
        infos = in_file_order(TensorInfo(name, "U8", (len(bits),)) for name, bits in self._bits.items())
        metadata = {"format": FORMAT}
        for info in infos:
            metadata[f"shape.{info.name}"] = ",".join(map(str, self._shapes[info.name]))
        return header(infos, metadata) + b"".join(self._bits[info.name].tobytes() for info in infos)

    def __getitem__(self, name: str) -> npt.NDArray[np.bool_]:
        shape = self._shapes[name]
        count = TensorInfo(name, "U8", shape).count
        return np.unpackbits(self._bits[name], count=count, bitorder="little").view(np.bool_).reshape(shape)

    def rows(self, name: str, first: int, last: int) -> npt.NDArray[np.bool_]:
        """The rows ``first`` to ``last`` of a tensor's mask, without unpacking the others."""
        shape = self._shapes[name]
        row = TensorInfo(name, "U8", shape[1:]).count
        start, end = first * row, last * row
        bits = np.unpackbits(self._bits[name][start // 8 : -(-end // 8)], bitorder="little")
        return bits[start % 8 : start % 8 + end - start].view(np.bool_).reshape((last - first, *shape[1:]))

    def __iter__(self) -> Iterator[str]:
        return iter(self._bits)

    def __len__(self) -> int:
        return len(self._bits)

    def shape(self, name: str) -> tuple[int, ...]:
        """The shape of a tensor's mask."""
        return self._shapes[name]

    @property
    def total(self) -> int:
        """Number of weights that the mask names."""
        return sum(TensorInfo(name, "U8", shape).count for name, shape in self._shapes.items())

    @property
    def active(self) -> int:
        """Number of active weights among them."""
        return sum(int(np.unpackbits(bits).sum()) for bits in self._bits.values())

    @property
    def digest(self) -> str:
        """SHA-256 of the bits in the order of the names; equal masks have equal digests."""
        digest = hashlib.sha256()
        for name in sorted(self._bits):
            digest.update(f"{name}:{self._shapes[name]}:".encode())
            digest.update(self._bits[name].data)
        return digest.hexdigest()

    def require_fits(self, shapes: Mapping[str, tuple[int, ...]]) -> None:
        """Refuses a mask for tensors that the model does not have."""
        for name, shape in self._shapes.items():
            if shapes.get(name) != shape:
                raise LayoutChangedError(
                    f"the mask has {name} with the shape {list(shape)}, the model has "
                    + (f"it with the shape {list(shapes[name])}" if name in shapes else "no tensor of this name")
                )


def read_mask(file: str | Path) -> Mask:
    """Reads a mask file.

    Returns:
        A mapping from the name of a tensor to a Boolean array, True for an active weight.
    """
    path = Path(file)
    return Mask.parse(path.read_bytes(), str(path))


def as_array(tensor: Any) -> npt.NDArray[Any]:
    """The values of a numpy array or of a torch tensor as an array of doubles."""
    if hasattr(tensor, "detach"):
        tensor = tensor.detach().to("cpu").double().numpy()
    return np.asarray(tensor, dtype=np.float64)


def apply_mask(model: Any, mask: str | Path | Mask) -> Any:
    """Sets the pruned weights of a model to 0, once.

    Args:
        model: a ``torch.nn.Module``
        mask: a mask file, or what :func:`read_mask` returned

    Returns:
        The model.
    """
    from espalier.torch_network import apply_mask as apply  # noqa: PLC0415

    return apply(model, mask)

# SPDX-License-Identifier: Apache-2.0
"""Safetensors files, read from a map of the file and written as a stream.

The writer is our own because the packages for safetensors hold all tensors of a file in memory, and a snapshot may be
larger than memory. Tests read each written file with the ``safetensors`` package.
"""

from __future__ import annotations

import json
import math
import mmap
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from espalier.errors import CorruptArtifactError

BYTES = {
    "F64": 8,
    "F32": 4,
    "F16": 2,
    "BF16": 2,
    "I64": 8,
    "U64": 8,
    "I32": 4,
    "U32": 4,
    "I16": 2,
    "U16": 2,
    "F8_E5M2": 1,
    "F8_E4M3": 1,
    "I8": 1,
    "U8": 1,
    "BOOL": 1,
}
PRUNABLE = ("F64", "F32", "F16", "BF16")
MAX_HEADER = 100_000_000
_ALIGNMENT = 64


@dataclass(frozen=True)
class TensorInfo:
    """Name, type and shape of one tensor of a file."""

    name: str
    dtype: str
    shape: tuple[int, ...]

    @property
    def count(self) -> int:
        """Number of elements."""
        return math.prod(self.shape)

    @property
    def nbytes(self) -> int:
        """Number of bytes."""
        return self.count * BYTES[self.dtype]

    @property
    def unprunable(self) -> str | None:
        """Why the protocol never masks the tensor; None if it may be masked."""
        if not self.name.endswith("weight"):
            return "its name does not end in 'weight'"
        if len(self.shape) < 2:
            return f"it has {len(self.shape)} dimensions, fewer than 2"
        if self.dtype not in PRUNABLE:
            return f"its type is {self.dtype}, not one of {', '.join(PRUNABLE)}"
        if self.count == 0:
            return "it is empty"
        return None


def in_file_order(infos: Iterable[TensorInfo]) -> tuple[TensorInfo, ...]:
    """By size of the type, descending, then by name: the order of Espalier and of the safetensors packages.

    The order breaks ties between equal weights, so it must not depend on the order in which a model lists them.
    """
    return tuple(sorted(infos, key=lambda info: (-BYTES[info.dtype], info.name)))


def header(infos: Iterable[TensorInfo], metadata: Mapping[str, str]) -> bytes:
    """The first bytes of a file: length and header, padded so that the buffer begins at a multiple of 64."""
    document: dict[str, object] = {"__metadata__": dict(metadata)} if metadata else {}
    at = 0
    for info in infos:
        document[info.name] = {
            "dtype": info.dtype,
            "shape": list(info.shape),
            "data_offsets": [at, at + info.nbytes],
        }
        at += info.nbytes
    text = json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-(8 + len(text)) % _ALIGNMENT)
    return struct.pack("<Q", len(text)) + text


@dataclass(frozen=True)
class Header:
    """The tensors of a file in the order of their data, where each begins, and the metadata."""

    infos: tuple[TensorInfo, ...]
    starts: Mapping[str, int]
    metadata: Mapping[str, str]

    @staticmethod
    def parse(data: bytes | memoryview, what: str) -> Header:
        """Reads the header at the beginning of the data.

        Args:
            data: the file, or at least its header
            what: names the file in an error message
        """
        if len(data) < 8:
            raise CorruptArtifactError(f"{what} has {len(data)} bytes, fewer than a safetensors file")
        (length,) = struct.unpack_from("<Q", data)
        if length > MAX_HEADER or 8 + length > len(data):
            raise CorruptArtifactError(f"{what} is not a safetensors file: its header has {length} bytes")
        try:
            document = json.loads(bytes(data[8 : 8 + length]))
            metadata = document.pop("__metadata__", {})
            tensors = [
                (fields["data_offsets"], TensorInfo(name, fields["dtype"], tuple(fields["shape"])))
                for name, fields in document.items()
            ]
        except (ValueError, KeyError, TypeError, AttributeError) as e:
            raise CorruptArtifactError(f"{what} is not a safetensors file: its header cannot be read ({e})") from e
        tensors.sort(key=lambda tensor: tensor[0])
        starts, at = {}, 0
        for (first, last), info in tensors:
            if info.dtype not in BYTES or first != at or last - first != info.nbytes:
                raise CorruptArtifactError(f"{what}: the tensor {info.name} does not fit its data offsets")
            starts[info.name] = 8 + length + first
            at = last
        return Header(tuple(info for _, info in tensors), starts, metadata)


class TensorFile:
    """A safetensors file on disk, mapped into memory."""

    def __init__(self, path: Path) -> None:
        """Maps the file."""
        with path.open("rb") as stream:
            if path.stat().st_size == 0:
                raise CorruptArtifactError(f"{path} is empty")
            self._map = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_COPY)
        self._view = memoryview(self._map)
        self.path = path
        self.header = Header.parse(self._view, str(path))
        self._infos = {info.name: info for info in self.header.infos}

    def info(self, name: str) -> TensorInfo:
        """What the file says about a tensor."""
        return self._infos[name]

    def rows(self, name: str, first: int = 0, last: int | None = None) -> memoryview:
        """The bytes of the rows ``first`` to ``last`` of a tensor, or of the whole tensor."""
        info, start = self._infos[name], self.header.starts[name]
        if last is None and first == 0:
            return self._view[start : start + info.nbytes]
        row = info.nbytes // info.shape[0] if info.shape[0] else 0
        end = info.shape[0] if last is None else last
        return self._view[start + first * row : start + end * row]

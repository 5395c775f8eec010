# SPDX-License-Identifier: Apache-2.0
"""Safetensors files, masks and the PQ Index."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from safetensors import safe_open
from safetensors.numpy import load, save

import espalier
from espalier import CorruptArtifactError, LayoutChangedError, Mask, UsageError, keys
from espalier.tensorfile import Header, TensorFile, TensorInfo, header, in_file_order

OBJECTS = Path(__file__).resolve().parents[3] / "shared-schemas/examples/objects"


def test_reads_the_mask_of_the_protocol_readme() -> None:
    mask = espalier.read_mask(OBJECTS / "mask.safetensors")
    assert mask["fc1.weight"].tolist() == [[False, True, True, True], [True] * 4, [False, True, True, True]]
    assert mask["fc2.weight"].reshape(-1).tolist() == [False, False, True, True, True, False, True, True]
    assert (mask.total, mask.active) == (20, 15)


def test_writes_a_mask_byte_for_byte_as_the_services_do() -> None:
    data = (OBJECTS / "mask.safetensors").read_bytes()
    assert Mask.of(dict(Mask.parse(data))).to_bytes() == data


@pytest.mark.parametrize("shape", [(1, 1), (3, 5), (7, 3, 3), (16, 8)])
def test_any_rows_of_a_mask_are_those_of_the_whole(shape: tuple[int, ...]) -> None:
    array = np.random.default_rng(1).random(shape) < 0.5
    mask = Mask.parse(Mask.of({"a.weight": array}).to_bytes())
    assert np.array_equal(mask["a.weight"], array)
    for first in range(shape[0]):
        for last in range(first, shape[0] + 1):
            assert np.array_equal(mask.rows("a.weight", first, last), array[first:last])


def test_equal_masks_have_equal_digests() -> None:
    one, other = np.ones((3, 3), bool), np.ones((3, 3), bool)
    other[0, 0] = False
    assert Mask.of({"a": one}).digest == Mask.of({"a": one.copy()}).digest != Mask.of({"a": other}).digest


def test_a_mask_with_unused_bits_or_another_format_is_refused() -> None:
    data = bytearray((OBJECTS / "mask.safetensors").read_bytes())
    data[-2] |= 0x80
    with pytest.raises(CorruptArtifactError, match=r"fc1\.weight does not have 12 bits"):
        Mask.parse(bytes(data))
    with pytest.raises(CorruptArtifactError, match="its format is 'pt'"):
        espalier.read_mask(OBJECTS / "weights.safetensors")


def test_a_mask_for_another_model_is_refused() -> None:
    mask = espalier.read_mask(OBJECTS / "mask.safetensors")
    mask.require_fits({"fc1.weight": (3, 4), "fc2.weight": (2, 4), "more": (1,)})
    with pytest.raises(LayoutChangedError, match=r"fc2\.weight with the shape \[2, 4\], the model has no tensor"):
        mask.require_fits({"fc1.weight": (3, 4)})


def test_the_safetensors_package_reads_what_is_written(tmp_path: Path) -> None:
    arrays: dict[str, npt.NDArray[Any]] = {
        "b.weight": np.arange(6, dtype=np.float32).reshape(2, 3),
        "a.count": np.array(7, np.int64),
        "c.flag": np.array([True, False]),
        "empty": np.zeros((0, 3), np.float32),
    }
    kinds = {"float32": "F32", "int64": "I64", "bool": "BOOL"}
    infos = in_file_order(TensorInfo(n, kinds[str(a.dtype)], a.shape) for n, a in arrays.items())
    data = header(infos, {"format": "pt"}) + b"".join(arrays[info.name].tobytes() for info in infos)
    read = load(data)
    assert all(np.array_equal(read[name], array) for name, array in arrays.items())
    file = tmp_path / "w.safetensors"
    file.write_bytes(data)
    with safe_open(file, "numpy") as opened:
        assert opened.metadata() == {"format": "pt"}
    assert [i.name for i in Header.parse(save(arrays), "x").infos if i.count] == [i.name for i in infos if i.count]


def test_rows_of_a_file_are_read_alone(tmp_path: Path) -> None:
    array = np.arange(12, dtype=np.float32).reshape(4, 3)
    (tmp_path / "w").write_bytes(save({"a.weight": array, "b.weight": array + 1}))
    file = TensorFile(tmp_path / "w")
    assert np.array_equal(np.frombuffer(file.rows("b.weight", 1, 3), np.float32), (array + 1)[1:3].reshape(-1))
    assert np.array_equal(np.frombuffer(file.rows("a.weight"), np.float32), array.reshape(-1))


@pytest.mark.parametrize("data", [b"", b"1234", b"\xff" * 20, b"\x02\0\0\0\0\0\0\0{]", b"\x02\0\0\0\0\0\0\0[]"])
def test_what_is_not_a_safetensors_file_is_refused(data: bytes) -> None:
    with pytest.raises(CorruptArtifactError):
        Header.parse(data, "x")


def test_what_can_be_pruned_follows_the_protocol() -> None:
    assert TensorInfo("a.weight", "BF16", (2, 2)).unprunable is None
    assert TensorInfo("a.kernel", "F32", (2, 2)).unprunable == "its name does not end in 'weight'"
    assert TensorInfo("a.weight", "F32", (2,)).unprunable == "it has 1 dimensions, fewer than 2"
    assert TensorInfo("a.weight", "I8", (2, 2)).unprunable == "its type is I8, not one of F64, F32, F16, BF16"
    assert TensorInfo("a.weight", "F32", (0, 2)).unprunable == "it is empty"


def test_pqi_of_the_example_is_that_of_the_readme() -> None:
    weights = load((OBJECTS / "weights.safetensors").read_bytes())
    assert espalier.pqi(weights["fc1.weight"]) == pytest.approx(0.2285636567567747, rel=1e-12)
    assert espalier.pqi(weights["fc1.weight"], 1, 2) == pytest.approx(0.25379749275536356, rel=1e-12)


def test_pqi_counts_active_weights_only() -> None:
    assert espalier.pqi([3.0, 3.0, 100.0], mask=[True, True, False]) == 0
    assert espalier.pqi([1.0, 0.0]) == pytest.approx(0.5)
    assert math.isnan(espalier.pqi([0.0, 0.0]))
    assert math.isnan(espalier.pqi([]))
    assert espalier.pqi([1e300, 1e-300]) == pytest.approx(0.5)
    with pytest.raises(UsageError):
        espalier.pqi([1.0], 2, 1)


@pytest.mark.parametrize(
    ("key", "expected"),
    [("21", -973932308), ("foobar", -790332482), ("a-little-bit-long-string", -985981536), ("abc", 479470107)],
)
def test_the_partition_is_that_of_the_java_client(key: str, expected: int) -> None:
    assert keys.partition(key, 1000) == (expected & 0x7FFFFFFF) % 1000

# SPDX-License-Identifier: Apache-2.0
"""Keys of the objects of a run, topics and types of events, and the partition of a run."""

from __future__ import annotations

RUNS = "espalier.runs"
RUN_STATUS = "espalier.run-status"
PROGRESS = "espalier.progress"
SNAPSHOTS = "espalier.snapshots"
DECISIONS = "espalier.decisions"
TOPICS = (
    RUNS,
    RUN_STATUS,
    PROGRESS,
    SNAPSHOTS,
    "espalier.measurements",
    "espalier.policies",
    "espalier.policy-status",
    DECISIONS,
)


def run(run_id: str) -> str:
    """Prefix of all objects of a run."""
    return f"runs/{run_id}/"


def initial(run_id: str) -> str:
    """The weights to which a run rewinds."""
    return f"runs/{run_id}/initial.safetensors"


def rewind(run_id: str) -> str:
    """The weights after some epochs of iteration 0."""
    return f"runs/{run_id}/rewind.safetensors"


def rewind_reference(run_id: str) -> str:
    """The reference to :func:`rewind`."""
    return f"runs/{run_id}/rewind.json"


def weights(run_id: str, iteration: int) -> str:
    """The weights of an iteration."""
    return f"runs/{run_id}/iterations/{iteration:06}/weights.safetensors"


def mask(run_id: str, iteration: int) -> str:
    """The mask of an iteration, written by the controller."""
    return f"runs/{run_id}/iterations/{iteration:06}/mask.safetensors"


def decision(run_id: str, iteration: int) -> str:
    """The decision register of an iteration, written by the controller."""
    return f"runs/{run_id}/iterations/{iteration:06}/decision.json"


def checkpoints(run_id: str) -> str:
    """Prefix of all checkpoints of a run."""
    return f"runs/{run_id}/checkpoints/"


def checkpoint(run_id: str, iteration: int) -> str:
    """The data of the snapshot event of an iteration."""
    return f"runs/{run_id}/checkpoints/{iteration:06}.json"


def partition(key: str, partitions: int) -> int:
    """The partition that the default partitioner of Java's client chooses: murmur2 of the key."""
    return (_murmur2(key.encode()) & 0x7FFFFFFF) % partitions


def _murmur2(data: bytes) -> int:
    m, bits = 0x5BD1E995, 0xFFFFFFFF
    length = len(data)
    h = (0x9747B28C ^ length) & bits
    for i in range(0, length - length % 4, 4):
        k = int.from_bytes(data[i : i + 4], "little") * m & bits
        k = (k ^ k >> 24) * m & bits
        h = (h * m & bits) ^ k
    rest = data[length - length % 4 :]
    if rest:
        h = (h ^ int.from_bytes(rest, "little")) * m & bits
    h = (h ^ h >> 13) * m & bits
    return h ^ h >> 15

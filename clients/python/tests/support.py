# SPDX-License-Identifier: Apache-2.0
"""A network of numpy arrays, and a loop in this process, for tests without torch and without a stack."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from espalier import keys
from espalier.errors import OutageError
from espalier.events import ArtifactRef, Decision, EpochCompleted, RunRequested, RunStatus, SnapshotPublished
from espalier.masks import Mask
from espalier.network import Layout
from espalier.store import FolderStore, ObjectStore
from espalier.tensorfile import TensorFile, TensorInfo

Array = npt.NDArray[np.float32]


class ArrayNetwork:
    """Two weights and a bias. ``train`` moves them by numbers that depend on a seed only."""

    is_sharded = False

    def __init__(self, seed: int = 0, hidden: int = 8) -> None:
        random = np.random.default_rng(seed)
        self.arrays: dict[str, Array] = {
            "fc1.weight": random.standard_normal((hidden, 6)).astype(np.float32),
            "fc1.bias": np.zeros(hidden, np.float32),
            "fc2.weight": random.standard_normal((3, hidden)).astype(np.float32),
        }
        self.layout = Layout.of(tuple(TensorInfo(n, "F32", a.shape) for n, a in self.arrays.items()), {})
        self.mask: Mask | None = None

    def train(self, seed: int) -> None:
        random = np.random.default_rng(seed)
        for array in self.arrays.values():
            array += random.standard_normal(array.shape).astype(np.float32) / 4
        self.apply(self.mask)

    def chunks(self) -> Iterator[bytes]:
        for info in self.layout.infos:
            yield self.arrays[info.name].tobytes()

    def load(self, file: TensorFile) -> None:
        for name, array in self.arrays.items():
            array[...] = np.frombuffer(file.rows(name), np.float32).reshape(array.shape)

    def apply(self, mask: Mask | None) -> None:
        self.mask = mask
        for name in mask or ():
            assert mask is not None
            self.arrays[name][~mask[name]] = 0

    def non_finite(self) -> str | None:
        bad = [name for name, array in self.arrays.items() if not np.isfinite(array).all()]
        return f"{bad[0]} has a value that is not finite" if bad else None

    def digest(self) -> str:
        return hashlib.sha256(b"".join(self.chunks())).hexdigest()

    def hold(self, optimizer: Any, **options: Any) -> None:
        """Arrays have no optimizer."""

    def release(self) -> None:
        """Arrays have no optimizer."""


Rule = Callable[[SnapshotPublished], str]


class FakeLoop:
    """Prunes a fifth of the active weights of each tensor, by magnitude, and stops after some iterations."""

    def __init__(self, folder: Path, run_id: str = "fake", iterations: int = 3) -> None:
        self.folder = folder
        self.store: ObjectStore = FolderStore(folder)
        self.run_id = run_id
        self.iterations = iterations
        self.state = "running"
        self.requests: list[RunRequested] = []
        self.reports: list[RunStatus | EpochCompleted] = []
        self.published: list[SnapshotPublished] = []
        self.decisions: list[Decision] = []
        self.verdicts: dict[int, dict[str, Any]] = {}
        self.outages = 0
        self.silent = 0

    def open(self, timeout: float) -> RunRequested | None:
        return self.requests[-1] if self.requests else None

    def request(self, specification: Mapping[str, Any]) -> RunRequested:
        self.requests.append(RunRequested(self.run_id, "running", specification, datetime.now(timezone.utc)))
        return self.requests[-1]

    def desired(self) -> str:
        return self.state

    def decide(self, snapshot: SnapshotPublished, timeout: float) -> Decision | None:
        if self.outages:
            self.outages -= 1
            raise OutageError("the broker is away")
        self.published.append(snapshot)
        if self.silent:
            self.silent -= 1
            return None
        self.decisions.append(self._decision(snapshot))
        return self.decisions[-1]

    def _decision(self, snapshot: SnapshotPublished) -> Decision:
        t = snapshot.iteration
        stops = t >= self.iterations
        said: dict[str, Any] = {"verdict": "stop" if stops else "prune", **self.verdicts.get(t, {})}
        if said["verdict"] == "stop":
            said.setdefault("outcome", "completed")
        mask, total, active = None, 0, 0
        file = TensorFile(self.folder / snapshot.weights.key("espalier"))
        before = self._mask(snapshot.mask)
        arrays = {}
        for info in file.header.infos:
            if info.unprunable is None:
                values = np.frombuffer(file.rows(info.name), np.float32).reshape(info.shape)
                alive = np.ones(info.shape, bool) if before is None else before[info.name].copy()
                order = np.argsort(np.where(alive, np.abs(values), np.inf), axis=None)
                total, active = total + alive.size, active + int(alive.sum())
                alive.reshape(-1)[order[: int(alive.sum()) // 5]] = False
                arrays[info.name] = alive
        if said["verdict"] == "prune":
            data = Mask.of(arrays).to_bytes()
            key = keys.mask(self.run_id, t + 1)
            self.store.create(key, len(data), [data])
            mask = ArtifactRef(f"s3://espalier/{key}", hashlib.sha256(data).hexdigest(), len(data))
            said["mask"] = mask.to_json()
        return Decision.from_json(
            {
                "runId": self.run_id,
                "iteration": t,
                "reason": {"code": "fake", "message": "as the test says"},
                "policy": {"name": "fake", "version": "0123456789ab", "setBy": "test"},
                "total": total,
                "active": active,
                "pruned": 0,
                "remaining": active / total,
                "metrics": [],
                "tensors": [],
                **said,
            }
        )

    def _mask(self, ref: ArtifactRef | None) -> Mask | None:
        return None if ref is None else Mask.parse((self.folder / ref.key("espalier")).read_bytes())

    def report(self, event: RunStatus | EpochCompleted) -> None:
        self.reports.append(event)

    @property
    def states(self) -> list[str]:
        """The reported states, each once in a row."""
        states = [event.state for event in self.reports if isinstance(event, RunStatus)]
        return [state for i, state in enumerate(states) if i == 0 or states[i - 1] != state]

    def close(self) -> None:
        """Nothing is open."""

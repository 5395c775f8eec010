# SPDX-License-Identifier: Apache-2.0
"""The events of the protocol that a trainer reads and writes, as immutable values.

``to_json`` and ``from_json`` convert to and from the data of an event. Unknown fields are ignored, as the
protocol demands. Tests hold these models against the JSON Schemas and the examples of ``shared-schemas``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any, Literal, cast

from espalier.errors import ConfigurationError, CorruptArtifactError, SchemaTooNewError

Json = dict[str, Any]
Verdict = Literal["prune", "keep", "roll-back", "stop"]
Outcome = Literal["completed", "failed"]
DesiredState = Literal["running", "paused", "stopped"]
ReportedState = Literal["pending", "running", "paused", "completed", "stopped", "failed"]

_RUN_ID = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_UPGRADE = "Try: pip install --upgrade espalier-pruning"


def require_run_id(text: str) -> str:
    """Returns the text if it is a run id."""
    if not _RUN_ID.fullmatch(text) or text == "default":
        raise ConfigurationError(
            f"the run id is {text!r}, but it must have 1 to 63 of a-z, 0-9 and '-', without '-' at either end, and "
            "must not be 'default'"
        )
    return text


def timestamp(at: datetime) -> str:
    """A time as the protocol writes it: RFC 3339 in UTC."""
    return at.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def milliseconds(at: datetime) -> int:
    """Milliseconds since 1970, as the ids of events hold them: cut, not rounded, like the time in the event."""
    return (at - datetime(1970, 1, 1, tzinfo=timezone.utc)) // timedelta(milliseconds=1)


@dataclass(frozen=True)
class ArtifactRef:
    """Where an object is, and the digest and size that it must have."""

    uri: str
    sha256: str
    size_bytes: int

    def key(self, bucket: str) -> str:
        """The key of the object in the bucket."""
        prefix = f"s3://{bucket}/"
        if not self.uri.startswith(prefix) or ".." in self.uri.split("/"):
            raise CorruptArtifactError(f"the reference {self.uri} does not point into the bucket {bucket}")
        return self.uri[len(prefix) :]

    def to_json(self) -> Json:
        """The reference as an event holds it."""
        return {"uri": self.uri, "sha256": self.sha256, "sizeBytes": self.size_bytes}

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> ArtifactRef:
        """Reads a reference."""
        return ArtifactRef(data["uri"], data["sha256"], data["sizeBytes"])


@dataclass(frozen=True)
class Metric:
    """One number about a model. ``split`` names the data: train, validation or test."""

    name: str
    split: str
    value: float

    @property
    def is_finite(self) -> bool:
        """Whether JSON can hold the value."""
        return math.isfinite(self.value)

    def to_json(self) -> Json:
        """The metric as an event holds it."""
        return {"name": self.name, "split": self.split, "value": self.value}

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> Metric:
        """Reads a metric."""
        return Metric(data["name"], data["split"], float(data["value"]))


@dataclass(frozen=True)
class Reason:
    """Why something was decided or went wrong: a code for programs, a message for people."""

    code: str
    message: str

    def to_json(self) -> Json:
        """The reason as an event holds it."""
        return {"code": self.code, "message": self.message}

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> Reason:
        """Reads a reason."""
        return Reason(data["code"], data["message"])


@dataclass(frozen=True)
class SnapshotPublished:
    """The weights of an iteration are stored."""

    run_id: str
    iteration: int
    weights: ArtifactRef
    mask: ArtifactRef | None = None
    metrics: tuple[Metric, ...] = ()
    pairs: tuple[tuple[float, float], ...] = ()

    @property
    def event_id(self) -> str:
        """Names the event; a repeated event has the same id."""
        return f"{self.run_id}/{self.iteration}/snapshot"

    def to_json(self) -> Json:
        """The data of the event. Metrics without a finite value are left out."""
        data: Json = {"runId": self.run_id, "iteration": self.iteration, "weights": self.weights.to_json()}
        if self.mask is not None:
            data["mask"] = self.mask.to_json()
        data["metrics"] = _metrics(self.metrics)
        if self.pairs:
            data["pairs"] = [{"p": p, "q": q} for p, q in self.pairs]
        return data

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> SnapshotPublished:
        """Reads the data of the event."""
        return SnapshotPublished(
            data["runId"],
            data["iteration"],
            ArtifactRef.from_json(data["weights"]),
            _reference(data),
            _read(data),
            tuple((pair["p"], pair["q"]) for pair in data.get("pairs") or ()),
        )


@dataclass(frozen=True)
class PolicyRef:
    """The policy that a decision used."""

    name: str
    version: str
    set_by: str


@dataclass(frozen=True)
class Decision:
    """What the controller decided on one iteration.

    ``mask`` is the mask of the next iteration; None means that every weight is active. ``phase`` is the phase of the
    PQ Index (regularisation, compression or collapse), None where it is not known yet. ``data`` is the whole event.
    """

    run_id: str
    iteration: int
    verdict: Verdict
    outcome: Outcome | None
    reason: Reason
    policy: PolicyRef
    mask: ArtifactRef | None
    total: int
    active: int
    pruned: int
    remaining: float
    pqi: float | None
    phase: str | None
    data: Json = field(repr=False, compare=False, default_factory=dict)

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> Decision:
        """Reads the data of ``pruning.decided.v1``."""
        verdict = data["verdict"]
        if verdict not in ("prune", "keep", "roll-back", "stop"):
            raise SchemaTooNewError(f"the decision {verdict!r} is not known to this version of the client", _UPGRADE)
        policy = data["policy"]
        trend = data.get("trend") or {}
        return Decision(
            data["runId"],
            data["iteration"],
            cast(Verdict, verdict),
            data.get("outcome"),
            Reason.from_json(data["reason"]),
            PolicyRef(policy["name"], policy["version"], policy["setBy"]),
            _reference(data),
            data["total"],
            data["active"],
            data["pruned"],
            float(data["remaining"]),
            (data.get("pqi") or {}).get("value"),
            trend.get("phase"),
            dict(data),
        )


@dataclass(frozen=True)
class RunRequested:
    """A run was requested, or its desired state changed."""

    run_id: str
    state: DesiredState
    specification: Mapping[str, Any]
    requested_at: datetime

    @property
    def event_id(self) -> str:
        """Names the event."""
        return f"{self.run_id}/requested-{self.state}-{milliseconds(self.requested_at)}"

    def to_json(self) -> Json:
        """The data of the event."""
        return {
            "runId": self.run_id,
            "state": self.state,
            "specification": dict(self.specification),
            "requestedAt": timestamp(self.requested_at),
        }

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> RunRequested:
        """Reads the data of the event."""
        state = data["state"]
        if state not in ("running", "paused", "stopped"):
            raise SchemaTooNewError(f"the desired state {state!r} is not known to this version of the client", _UPGRADE)
        return RunRequested(
            data["runId"], cast(DesiredState, state), data["specification"], _instant(data["requestedAt"])
        )


@dataclass(frozen=True)
class RunStatus:
    """What the trainer reports about its run."""

    run_id: str
    state: ReportedState
    iteration: int
    progress: float
    updated_at: datetime
    iterations: int | None = None
    reason: Reason | None = None
    metrics: tuple[Metric, ...] = ()

    @property
    def event_id(self) -> str:
        """Names the event."""
        return f"{self.run_id}/{self.iteration}/status-{self.state}-{milliseconds(self.updated_at)}"

    def to_json(self) -> Json:
        """The data of the event."""
        data: Json = {"runId": self.run_id, "state": self.state, "iteration": self.iteration}
        if self.iterations is not None:
            data["iterations"] = self.iterations
        data["progress"] = self.progress
        if self.reason is not None:
            data["reason"] = self.reason.to_json()
        data["metrics"] = _metrics(self.metrics)
        data["updatedAt"] = timestamp(self.updated_at)
        return data


@dataclass(frozen=True)
class EpochCompleted:
    """An epoch of an iteration is done. Epochs are counted from 1."""

    run_id: str
    iteration: int
    epoch: int
    epochs: int
    learning_rate: float
    duration_seconds: float
    metrics: tuple[Metric, ...] = ()

    @property
    def event_id(self) -> str:
        """Names the event."""
        return f"{self.run_id}/{self.iteration}/epoch-{self.epoch}"

    def to_json(self) -> Json:
        """The data of the event."""
        return {
            "runId": self.run_id,
            "iteration": self.iteration,
            "epoch": self.epoch,
            "epochs": self.epochs,
            "learningRate": self.learning_rate,
            "durationSeconds": self.duration_seconds,
            "metrics": _metrics(self.metrics),
        }


def metrics_of(values: Sequence[Metric], named: Mapping[str, float], split: str) -> tuple[Metric, ...]:
    """Joins metrics and named values; a later value of one name and split replaces an earlier one."""
    joined = {(metric.name, metric.split): metric for metric in values}
    for name, value in named.items():
        joined[name, split] = Metric(name, split, float(value))
    return tuple(joined.values())


def _metrics(metrics: Sequence[Metric]) -> list[Json]:
    return [metric.to_json() for metric in metrics if metric.is_finite]


def _read(data: Mapping[str, Any]) -> tuple[Metric, ...]:
    return tuple(Metric.from_json(metric) for metric in data.get("metrics") or ())


def _reference(data: Mapping[str, Any]) -> ArtifactRef | None:
    mask = data.get("mask")
    return None if mask is None else ArtifactRef.from_json(mask)


def _instant(text: str) -> datetime:
    whole, _, fraction = text.rstrip("Z").partition(".")
    at = datetime.strptime(whole, "%Y-%m-%dT%H:%M:%S").replace(tzinfo=timezone.utc)
    return at.replace(microsecond=int((fraction + "000000")[:6])) if fraction else at

# SPDX-License-Identifier: Apache-2.0
"""Where a run is, and how a decision moves it on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from espalier import keys
from espalier.errors import ConfigurationError, RunConflictError, RunFailedError
from espalier.events import ArtifactRef, Decision, Json, Metric, SnapshotPublished
from espalier.store import ObjectStore
from espalier.tensorfile import MAX_HEADER, Header

METRICS = "espalier.metrics"
MASK = "espalier.mask"
_FIRST_LOOK = 1 << 16


@dataclass(frozen=True)
class Place:
    """The iteration to train next.

    Args:
        iteration: t
        mask: the reference of m_t; None while every weight is active
        trained: the weights of iteration t - 1; None at iteration 0
        is_warm: whether the model holds the weights to go on from, so that nothing is loaded
        pending: a snapshot of this iteration whose decision has not come; training went on without it
    """

    iteration: int = 0
    mask: ArtifactRef | None = None
    trained: ArtifactRef | None = None
    is_warm: bool = False
    pending: SnapshotPublished | None = None


def after(decision: Decision, snapshot: SnapshotPublished, is_warm: bool) -> Place | None:
    """The place after a decision; None where the run has completed."""
    if decision.verdict == "stop":
        if decision.outcome != "completed":
            raise RunFailedError(
                f"the run {decision.run_id} failed at iteration {decision.iteration}: {decision.reason.message}"
            )
        return None
    mask = snapshot.mask if decision.verdict == "keep" else decision.mask
    return Place(decision.iteration + 1, mask, snapshot.weights, is_warm)


def last_checkpoint(store: ObjectStore, run_id: str) -> SnapshotPublished | None:
    """The snapshot of the last iteration that is done."""
    found = [key for key in store.keys(keys.checkpoints(run_id)) if key.endswith(".json")]
    data = store.read(found[-1]) if found else None
    return None if data is None else SnapshotPublished.from_json(json.loads(data))


def metadata(metrics: tuple[Metric, ...], mask: ArtifactRef | None) -> dict[str, str]:
    """What a snapshot says about itself: it survives a crash before the checkpoint is written."""
    said = {
        "format": "pt",
        METRICS: json.dumps([metric.to_json() for metric in metrics if metric.is_finite], separators=(",", ":")),
    }
    if mask is not None:
        said[MASK] = mask.sha256
    return said


def stored_header(store: ObjectStore, key: str) -> Header | None:
    """The header of a stored safetensors file; None if it does not exist."""
    data = store.head(key, _FIRST_LOOK)
    if data is None:
        return None
    length = 8 + int.from_bytes(data[:8], "little")
    if _FIRST_LOOK < length <= MAX_HEADER:
        data = store.head(key, length) or data
    return Header.parse(data, key)


def stored_metrics(header: Header) -> tuple[Metric, ...] | None:
    """The metrics that a stored snapshot says; None if another client wrote it."""
    text = header.metadata.get(METRICS)
    return None if text is None else tuple(Metric.from_json(metric) for metric in json.loads(text))


def pairs_of(specification: Mapping[str, Any]) -> tuple[tuple[float, float], ...]:
    """The (p, q) pairs to measure; none where those of the services will do."""
    asked = specification.get("pairs") or []
    if asked == "grid":
        grid = [(p / 10, q / 10) for p in range(1, 11) for q in range(10, 21) if p < q]
        pairs = [(0.5, 1.0), (1.0, 2.0), *grid]
    else:
        pairs = [(float(pair["p"]), float(pair["q"])) for pair in asked]
    rule = (specification.get("policy") or {}).get("rule") or {}
    if "p" in rule and "q" in rule:
        if not pairs:
            pairs = [(0.5, 1.0), (1.0, 2.0)]
        pairs.append((float(rule["p"]), float(rule["q"])))
    return tuple(dict.fromkeys(pairs))


def specification_of(asked: Mapping[str, Any] | None) -> Json:
    """A specification for a trainer of one's own."""
    specification = {"trainer": "external", **(asked or {})}
    if specification["trainer"] != "external":
        raise ConfigurationError(
            f"the specification's trainer is {specification['trainer']!r}, but this client is an external trainer",
            "Try: leave the field 'trainer' out",
        )
    rewind = specification.get("rewind", "initial")
    if rewind not in ("initial", "none") and not (isinstance(rewind, dict) and isinstance(rewind.get("epoch"), int)):
        raise ConfigurationError(f"rewind is {rewind!r}, but 'initial', 'none' or {{'epoch': k}} is expected")
    return specification


def require_same_specification(run_id: str, asked: Mapping[str, Any] | None, there: Mapping[str, Any]) -> None:
    """Refuses a run id that was requested with other settings. Settings that were not asked for do not count."""
    if there.get("trainer") != "external":
        raise RunConflictError(
            f"the run {run_id} is trained by Espalier's own trainer",
            "Try: choose another run id; a run id is used once",
        )
    for name, value in (asked or {}).items():
        if there.get(name) != value:
            raise RunConflictError(
                f"the run {run_id} was requested with {name} = {there.get(name)!r}, not {value!r}",
                "Try: choose another run id; the specification of a run never changes",
            )

# SPDX-License-Identifier: Apache-2.0
"""The event models against the JSON Schemas and the examples of shared-schemas."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from referencing import Registry, Resource

from espalier.errors import ConfigurationError, CorruptArtifactError, SchemaTooNewError
from espalier.events import (
    ArtifactRef,
    Decision,
    EpochCompleted,
    Metric,
    Reason,
    RunRequested,
    RunStatus,
    SnapshotPublished,
    milliseconds,
    require_run_id,
    timestamp,
)

CONTRACT = Path(__file__).resolve().parents[3] / "shared-schemas"
SCHEMAS = CONTRACT / "src/main/resources/schemas"
REF = ArtifactRef("s3://espalier/runs/tiny/iterations/000001/mask.safetensors", "ab" * 32, 17)
AT = datetime(2026, 11, 20, 9, 30, 0, 123_000, tzinfo=timezone.utc)


def validator(kind: str) -> jsonschema.Draft202012Validator:
    documents = [json.loads(file.read_text()) for file in SCHEMAS.glob("*.json")]
    registry: Registry[Any] = Registry().with_resources((d["$id"], Resource.from_contents(d)) for d in documents)
    schema = json.loads((SCHEMAS / f"{kind}.schema.json").read_text())
    return jsonschema.Draft202012Validator(schema, registry=registry)


def examples(kind: str) -> list[Path]:
    found = sorted((CONTRACT / "examples/valid" / kind).glob("*.json"))
    assert found, kind
    return found


@pytest.mark.parametrize("file", examples("pruning.decided.v1"), ids=lambda file: file.stem)
def test_reads_every_example_of_a_decision(file: Path) -> None:
    data = json.loads(file.read_text())
    decision = Decision.from_json(data)
    assert (decision.verdict, decision.total, decision.active) == (data["verdict"], data["total"], data["active"])
    assert decision.reason.code == data["reason"]["code"]
    assert decision.data == data
    assert (decision.mask is not None) == ("mask" in data)


@pytest.mark.parametrize("file", examples("snapshot.published.v1"), ids=lambda file: file.stem)
def test_snapshot_examples_survive_reading_and_writing(file: Path) -> None:
    data = json.loads(file.read_text())
    written = SnapshotPublished.from_json(data).to_json()
    validator("snapshot.published.v1").validate(written)
    assert SnapshotPublished.from_json(written) == SnapshotPublished.from_json(data)
    assert written.keys() - {"metrics"} <= data.keys()


@pytest.mark.parametrize("file", examples("run.requested.v1"), ids=lambda file: file.stem)
def test_run_requests_keep_their_specification(file: Path) -> None:
    data = json.loads(file.read_text())
    request = RunRequested.from_json(data)
    assert request.to_json()["specification"] == data["specification"]
    validator("run.requested.v1").validate(request.to_json())


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("snapshot.published.v1", SnapshotPublished("tiny", 1, REF, REF, (Metric("loss", "train", 0.5),)).to_json()),
        ("snapshot.published.v1", SnapshotPublished("tiny", 0, REF).to_json()),
        ("run.requested.v1", RunRequested("tiny", "running", {"trainer": "external", "iterations": 3}, AT).to_json()),
        ("run.status.v1", RunStatus("tiny", "running", 3, 0.1, AT, 30, None, (Metric("loss", "t", 1),)).to_json()),
        ("run.status.v1", RunStatus("tiny", "failed", 3, 0.1, AT, reason=Reason("oom", "out of memory")).to_json()),
        ("epoch.completed.v1", EpochCompleted("tiny", 0, 1, 2, 0.1, 4.2, (Metric("l", "train", 1.0),)).to_json()),
    ],
)
def test_written_events_are_valid_by_their_schema(kind: str, data: dict[str, Any]) -> None:
    validator(kind).validate(data)


def test_the_ids_of_events_are_those_of_the_protocol() -> None:
    assert SnapshotPublished("tiny", 4, REF).event_id == "tiny/4/snapshot"
    assert RunRequested("tiny", "running", {}, AT).event_id == "tiny/requested-running-1795167000123"
    assert RunStatus("tiny", "paused", 4, 0, AT).event_id == "tiny/4/status-paused-1795167000123"
    assert EpochCompleted("tiny", 4, 2, 3, 0.1, 1).event_id == "tiny/4/epoch-2"


def test_a_metric_without_a_finite_value_is_left_out() -> None:
    snapshot = SnapshotPublished("tiny", 0, REF, None, (Metric("loss", "train", float("nan")),))
    assert snapshot.to_json()["metrics"] == []


def test_a_verdict_of_a_newer_version_is_refused_with_advice() -> None:
    data = json.loads(examples("pruning.decided.v1")[0].read_text())
    with pytest.raises(SchemaTooNewError, match=r"(?s)'regrow'.*pip install --upgrade"):
        Decision.from_json({**data, "verdict": "regrow"})


@pytest.mark.parametrize("text", ["", "-a", "a-", "A", "default", "a" * 64, "a_b", "../x"])
def test_a_bad_run_id_is_refused(text: str) -> None:
    with pytest.raises(ConfigurationError, match="run id"):
        require_run_id(text)


@pytest.mark.parametrize("uri", ["s3://other/x", "s3://espalier/../x", "s3://espalier/a/../../x"])
def test_a_reference_outside_the_bucket_is_refused(uri: str) -> None:
    with pytest.raises(CorruptArtifactError):
        ArtifactRef(uri, "0" * 64, 1).key("espalier")


def test_times_are_read_with_and_without_fractions() -> None:
    def read(text: str) -> datetime:
        data = {"runId": "r", "state": "running", "specification": {}, "requestedAt": text}
        return RunRequested.from_json(data).requested_at

    assert read("2026-11-20T09:30:00Z").microsecond == 0
    assert read("2026-11-20T09:30:00.123456789Z").microsecond == 123_456


def test_the_id_and_the_time_of_an_event_name_the_same_millisecond() -> None:
    at = datetime(2026, 12, 1, 14, 47, 25, 693_600, tzinfo=timezone.utc)

    assert timestamp(at) == "2026-12-01T14:47:25.693Z"
    assert milliseconds(at) == 1_796_136_445_693

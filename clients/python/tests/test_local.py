# SPDX-License-Identifier: Apache-2.0
"""Sessions without a stack: espalier decide in place of the services."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from espalier import ConfigurationError, Session, Settings, keys
from espalier.broker import RunReader, last_of
from espalier.s3 import S3Store
from support import ArrayNetwork

POLICY: dict[str, Any] = {
    "name": "guarded",
    "rule": {"type": "sap", "p": 0.5, "q": 1.0, "gamma": 2.0},
    "guard": {"metric": "accuracy", "split": "test", "maxDrop": 0.05, "action": "roll-back"},
}


def train(session: Session) -> list[str]:
    network = ArrayNetwork(hidden=64)
    verdicts: list[str] = []
    with session as run:
        for iteration in run.iterations(network):
            network.train(iteration.number)
            decision = iteration.publish(accuracy=0.5 if iteration.number == 2 else 0.9)
            assert decision is not None
            verdicts.append(decision.verdict)
    return verdicts


@pytest.mark.stack
def test_local_decisions_have_the_bytes_of_the_services(
    settings: Settings, run_id: str, espalier_command: Path, tmp_path: Path
) -> None:
    specification = {"iterations": 4, "rewind": "none", "policy": POLICY}
    expected = train(Session(run_id, specification, settings=settings))
    assert "roll-back" in expected
    reader = RunReader(settings, keys.RUNS, run_id, from_beginning=True, timeout=10)
    _, request = last_of(reader, 10)
    reader.close()
    file = tmp_path / "runs" / run_id / "request.json"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps(request))
    assert train(Session.local(tmp_path, run_id=run_id, command=espalier_command)) == expected
    store = S3Store(settings)
    found = [key for key in store.keys(keys.run(run_id)) if "/iterations/" in key or "/checkpoints/" in key]
    assert len(found) == 5 * 4 + expected.count("prune")
    for key in found:
        assert (tmp_path / key).read_bytes() == store.read(key), key


def test_a_local_run_needs_no_stack_and_resumes(espalier_command: Path, tmp_path: Path) -> None:
    session = Session.local(tmp_path, POLICY, {"iterations": 1}, command=espalier_command)
    assert train(session) == ["prune", "stop"]
    assert train(Session.local(tmp_path, POLICY, command=espalier_command)) == []


def test_a_policy_that_is_wrong_is_refused_by_name(espalier_command: Path, tmp_path: Path) -> None:
    policy = {"name": "upside-down", "rule": {"type": "sap", "p": 2, "q": 1}}
    with pytest.raises(ConfigurationError, match=r"policy\.json is not a valid policy: .*p is 2"):
        train(Session.local(tmp_path, policy, command=espalier_command))


def test_a_missing_program_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"(?s)the program nowhere was not found.*ESPALIER_COMMAND"):
        Session.local(tmp_path, command="nowhere")

# SPDX-License-Identifier: Apache-2.0
"""Trainings in two processes, with torchrun and gloo."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from espalier import Settings, keys
from espalier.broker import EventWriter
from espalier.events import RunRequested
from espalier.s3 import S3Store

torch = pytest.importorskip("torch")
pytestmark = [pytest.mark.torch, pytest.mark.stack]
TRAINER = Path(__file__).with_name("ddp_trainer.py")


def start(environment: dict[str, str], mode: str, run_id: str, out: Path, restarts: int = 0, **options: Any) -> Any:
    command = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node=2", f"--max-restarts={restarts}"]
    command += ["--rdzv-backend=c10d", "--rdzv-endpoint=127.0.0.1:0", str(TRAINER), mode, run_id, str(out)]
    # After a restart, processes would find the addresses of the dead ones in the store of the rendezvous.
    environment = {**environment, "TORCH_DISABLE_SHARE_RDZV_TCP_STORE": "1"}
    return subprocess.Popen(
        [*command, json.dumps(options)], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def finish(process: Any, code: int = 0) -> str:
    out, _ = process.communicate(timeout=180)
    assert process.returncode == code, out
    return str(out)


def both(out: Path) -> list[dict[str, Any]]:
    return [torch.load(out / f"weights-{rank}.pt") for rank in (0, 1)]


def test_both_processes_end_with_the_same_masks_and_weights(
    environment: dict[str, str], run_id: str, tmp_path: Path, settings: Settings
) -> None:
    finish(start(environment, "blocking", run_id, tmp_path))
    first, second = both(tmp_path)
    assert all(torch.equal(first[name], second[name]) for name in first)
    assert (first["0.weight"] == 0).any()
    assert S3Store(settings).size(keys.mask(run_id, 3)) is not None


def test_continual_masks_are_applied_at_the_same_step(environment: dict[str, str], run_id: str, tmp_path: Path) -> None:
    finish(start(environment, "continual", run_id, tmp_path))
    first, second = both(tmp_path)
    assert all(torch.equal(first[name], second[name]) for name in first)
    assert (first["0.weight"] == 0).any()


@pytest.mark.slow
def test_a_rank_that_is_killed_and_restarted_resumes(
    environment: dict[str, str], new_run_id: Callable[[], str], tmp_path: Path
) -> None:
    (undisturbed := tmp_path / "undisturbed").mkdir()
    (killed := tmp_path / "killed").mkdir()
    finish(start(environment, "blocking", new_run_id(), undisturbed))
    finish(start(environment, "blocking", new_run_id(), killed, restarts=2, kill=[1, 1]))
    assert (killed / "killed").exists()
    expected = both(undisturbed)[0]
    assert all(torch.equal(expected[name], value) for weights in both(killed) for name, value in weights.items())


@pytest.mark.slow
def test_a_pause_longer_than_the_timeout_of_the_process_group_does_no_harm(
    environment: dict[str, str], run_id: str, tmp_path: Path, settings: Settings
) -> None:
    writer = EventWriter(settings, run_id)

    def ask(state: Any) -> None:
        request = RunRequested(run_id, state, {"trainer": "external", "iterations": 3}, datetime.now(timezone.utc))
        writer.send(keys.RUNS, "run.requested.v1", request.event_id, None, request.to_json(), 10)

    process = start(environment, "blocking", run_id, tmp_path)
    while not (tmp_path / "at-0-0").exists():
        assert process.poll() is None
        time.sleep(0.05)
    ask("paused")
    time.sleep(25)
    assert process.poll() is None
    assert not (tmp_path / "at-0-3").exists()
    ask("running")
    finish(process)
    writer.close(1)


def test_processes_that_disagree_fail_with_a_sentence(environment: dict[str, str], run_id: str, tmp_path: Path) -> None:
    out = finish(start(environment, "blocking", run_id, tmp_path, disagree=True), 1)
    assert "RanksDisagreeError: the processes disagree about the trained weights (rank 0: " in out


def test_a_sharded_model_is_stored_as_a_whole(
    environment: dict[str, str], run_id: str, tmp_path: Path, settings: Settings
) -> None:
    from safetensors.torch import load

    finish(start(environment, "sharded", run_id, tmp_path, width=33, depth=3, step=True))
    full = torch.load(tmp_path / "full.pt")
    data = S3Store(settings).read(keys.weights(run_id, 1))
    assert data is not None
    stored = load(data)
    assert stored.keys() == full.keys()
    masked = S3Store(settings).size(keys.mask(run_id, 1))
    assert masked is not None
    assert (stored["0.weight"] == 0).any()


@pytest.mark.slow
def test_a_shard_needs_little_more_memory_than_itself(
    environment: dict[str, str], run_id: str, tmp_path: Path, settings: Settings
) -> None:
    depth = int(os.environ.get("ESPALIER_DEPTH", "16"))
    finish(start(environment, "sharded", run_id, tmp_path, width=2048, depth=depth))
    for rank in (0, 1):
        memory = json.loads((tmp_path / f"memory-{rank}.json").read_text())
        assert memory["peak"] - memory["before"] < 250 << 20, memory
        bits = memory["shard"] // 4
        assert memory["with mask"] - memory["before"] < bits + (350 << 20), memory
    stored = S3Store(settings).size(keys.weights(run_id, 0))
    assert stored is not None
    assert stored > depth * 2048 * 2048 * 4

# SPDX-License-Identifier: Apache-2.0
"""The client against a real broker, a real store and the real services."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from espalier import (
    BrokerUnavailableError,
    ConfigurationError,
    RunForgottenError,
    Session,
    Settings,
    StoreUnavailableError,
    keys,
)
from espalier.broker import EventWriter, RunReader, last_of
from espalier.events import RunRequested
from espalier.s3 import S3Store
from espalier.store import publish
from support import ArrayNetwork
from test_events import validator

pytestmark = pytest.mark.stack
TRAINER = Path(__file__).with_name("trainer.py")
NewRunId = Callable[[], str]


def registers(settings: Settings, run_id: str) -> dict[str, Any]:
    """What was measured and decided on each iteration, without the run's own name."""
    store = S3Store(settings)
    found = {}
    for key in store.keys(f"runs/{run_id}/iterations/"):
        if key.endswith(".json"):
            data = store.read(key)
            assert data is not None
            document = json.loads(data.replace(run_id.encode(), b"RUN"))
            document.pop("measurement", None)  # its digest depends on the name of the run
            found[key.removeprefix(f"runs/{run_id}/")] = document
    return found


def test_a_run_completes_and_its_decisions_can_be_replayed(
    settings: Settings, run_id: str, espalier_command: Path, stack: Path
) -> None:
    network = ArrayNetwork(hidden=64)
    with Session(run_id, {"iterations": 3}, settings=settings) as run:
        for iteration in run.iterations(network):
            network.train(iteration.number)
            decision = iteration.publish(accuracy=0.9)
            assert decision is not None
            assert decision.policy.name == "sap-default"
    assert run.state == "completed"
    assert run.metrics["espalier/remaining"] < 1
    replay = subprocess.run(
        [espalier_command, "replay", run_id, "--stack", stack, "--output", "json"], capture_output=True, check=False
    )
    assert replay.returncode == 0, replay.stderr
    replayed = json.loads(replay.stdout)
    assert replayed["identical"]
    assert len(replayed["iterations"]) == 4


def test_its_events_are_valid_by_their_schemas(settings: Settings, run_id: str) -> None:
    network = ArrayNetwork()
    with Session(run_id, {"iterations": 1}, settings=settings) as run:
        for iteration in run.iterations(network):
            network.train(iteration.number)
            iteration.epoch(1, 1, loss=0.5)
            iteration.publish(accuracy=0.9)
    for topic, kind in (
        (keys.RUNS, "run.requested.v1"),
        (keys.RUN_STATUS, "run.status.v1"),
        (keys.PROGRESS, "epoch.completed.v1"),
        (keys.SNAPSHOTS, "snapshot.published.v1"),
    ):
        reader = RunReader(settings, topic, run_id, from_beginning=True, timeout=10)
        there, data = last_of(reader, 10)
        reader.close()
        assert there, topic
        assert data is not None
        validator(kind).validate(data)
        if kind == "run.status.v1":
            assert data["state"] == "completed"


def test_events_of_a_run_are_in_the_partition_that_java_would_choose(settings: Settings, run_id: str) -> None:
    writer = EventWriter(settings, run_id)
    reader = RunReader(settings, keys.RUN_STATUS, run_id, from_beginning=False, timeout=10)
    data = {"runId": run_id, "state": "pending", "iteration": 0, "progress": 0, "updatedAt": "2026-11-20T09:30:00Z"}
    writer.send(keys.RUN_STATUS, "run.status.v1", f"{run_id}/0/status-pending-0", 0, data, 10)
    end = time.monotonic() + 10
    found = (False, None) if time.monotonic() > end else reader.poll(10)
    reader.close()
    writer.close(1)
    assert found == (True, data)


def test_a_run_is_paused_resumed_and_stopped_from_outside(settings: Settings, run_id: str) -> None:
    network = ArrayNetwork()
    writer = EventWriter(settings, run_id)

    def ask(state: Any) -> None:
        request = RunRequested(run_id, state, {"trainer": "external"}, datetime.now(timezone.utc))
        writer.send(keys.RUNS, "run.requested.v1", request.event_id, None, request.to_json(), 10)

    seen: list[str] = []
    with Session(run_id, {}, settings=settings) as run:
        for iteration in run.iterations(network):
            network.train(iteration.number)
            iteration.publish()
            if iteration.number == 0:
                ask("paused")
                wait_for(lambda: run.loop.desired() == "paused")
                resume = threading.Timer(0.5, ask, ["running"])
                resume.start()
                began = time.monotonic()
            if iteration.number == 1:
                seen.append("resumed")
                assert time.monotonic() - began > 0.4
                ask("stopped")
                wait_for(lambda: run.loop.desired() == "stopped")
    writer.close(1)
    assert seen == ["resumed"]
    assert run.state == "stopped"


def wait_for(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_deleted_key_means_that_the_run_is_forgotten(settings: Settings, run_id: str) -> None:
    network = ArrayNetwork()
    with pytest.raises(RunForgottenError), Session(run_id, {}, settings=settings) as run:
        for iteration in run.iterations(network):
            iteration.publish()
            writer = EventWriter(settings, run_id)
            writer._events.produce(keys.RUNS, key=run_id.encode(), value=None)
            writer._events.flush(10)
            wait_for(lambda: run.loop.desired() == "forgotten")


def start(environment: dict[str, str], *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, TRAINER, *arguments], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def finish(process: subprocess.Popen[bytes]) -> bytes:
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err.decode()
    return out


@pytest.mark.slow
@pytest.mark.parametrize("rewind", ["initial", "none"])
def test_a_trainer_that_is_killed_again_and_again_gets_the_same_decisions(
    settings: Settings, environment: dict[str, str], new_run_id: NewRunId, rewind: str
) -> None:
    kills = int(os.environ.get("ESPALIER_KILLS", "3"))
    undisturbed, killed = new_run_id(), new_run_id()
    finish(start(environment, undisturbed, "5", rewind))
    chance = random.Random(7)
    for _ in range(kills):
        process = start(environment, killed, "5", rewind, "0.05")
        time.sleep(0.4 + 3 * chance.random())
        process.send_signal(signal.SIGKILL)
        process.communicate()
    finish(start(environment, killed, "5", rewind))
    expected = registers(settings, undisturbed)
    assert len(expected) == 12
    assert registers(settings, killed) == expected


@pytest.mark.slow
def test_sigterm_ends_the_process_and_the_run_is_pending(
    settings: Settings, environment: dict[str, str], run_id: str
) -> None:
    process = start(environment, run_id, "50", "initial", "0.2")
    assert process.stdout is not None
    process.stdout.readline()
    process.terminate()
    process.communicate(timeout=30)
    assert process.returncode == 143
    reader = RunReader(settings, keys.RUN_STATUS, run_id, from_beginning=True, timeout=10)
    _, data = last_of(reader, 10)
    reader.close()
    assert data is not None
    assert (data["state"], data["reason"]["code"]) == ("pending", "terminated")


@pytest.mark.parametrize(("size", "part"), [(1 << 20, 5 << 20), (70 << 20, 5 << 20)])
def test_one_of_two_uploads_to_one_key_wins_and_both_continue(
    settings: Settings, run_id: str, size: int, part: int
) -> None:
    key = f"runs/{run_id}/race.bin"
    begin = threading.Barrier(2)
    found: list[Any] = [None, None]

    def upload(number: int) -> None:
        store = S3Store(settings, part)
        block = bytes([number + 1]) * (1 << 20)
        begin.wait()
        found[number] = publish(store, key, size, lambda: (block for _ in range(size >> 20)))

    threads = [threading.Thread(target=upload, args=[number]) for number in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found[0][0] == found[1][0]
    assert sorted(created for _, created in found) == [False, True]
    first = next(S3Store(settings).blocks(key))[0]
    assert found[first - 1][1], "the content is that of the winner"


def test_a_stored_object_is_never_replaced(settings: Settings, run_id: str) -> None:
    store = S3Store(settings)
    key = f"runs/{run_id}/once.json"
    assert store.create(key, 3, [b"one"])
    assert not store.create(key, 3, [b"two"])
    assert store.read(key) == b"one"
    assert store.head(key, 2) == b"on"
    assert store.size(key) == 3
    assert store.read(f"runs/{run_id}/absent") is None
    assert store.keys(f"runs/{run_id}/") == [key]


def test_wrong_addresses_and_keys_are_told_apart(settings: Settings, run_id: str) -> None:
    def begin(**changes: Any) -> None:
        with Session(run_id, settings=replace(settings, **changes), connect_timeout=3):
            pytest.fail("the session began")

    with pytest.raises(BrokerUnavailableError, match=r"(?s)no Kafka broker answers at 127\.0\.0\.1:1.*espalier up"):
        begin(bootstrap_servers="127.0.0.1:1")
    with pytest.raises(StoreUnavailableError, match=r"(?s)http://127\.0\.0\.1:1 does not answer.*STORE_ENDPOINT"):
        begin(store_endpoint="http://127.0.0.1:1")
    with pytest.raises(ConfigurationError, match=r"(?s)refuses the keys.*ACCESS_KEY"):
        begin(secret_key="wrong")
    with (
        pytest.raises(ConfigurationError, match=r"(?s)has no bucket 'elsewhere'.*STORE_BUCKET"),
        Session(run_id, settings=replace(settings, bucket="elsewhere")) as run,
    ):
        next(run.iterations(ArrayNetwork()))

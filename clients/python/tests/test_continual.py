# SPDX-License-Identifier: Apache-2.0
"""Continual training: snapshots on the way, masks in place, without waiting."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from espalier import Continual, Decision, RunFailedError, Session, UsageError
from espalier.events import SnapshotPublished
from espalier.tensorfile import TensorFile
from support import FakeLoop

torch = pytest.importorskip("torch")
nn = torch.nn
pytestmark = pytest.mark.torch


class SlowLoop(FakeLoop):
    """Decides when the test says so."""

    def __init__(self, folder: Path, iterations: int = 3) -> None:
        super().__init__(folder, iterations=iterations)
        self.gate = threading.Semaphore(0)

    def decide(self, snapshot: SnapshotPublished, timeout: float) -> Decision | None:
        if not self.gate.acquire(timeout=0.2):
            return None
        return super().decide(snapshot, timeout)


@pytest.fixture
def model() -> Any:
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(6, 8), nn.ReLU(), nn.Linear(8, 3))


def sgd(model: Any) -> Any:
    return torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)


def step(model: Any, optimizer: Any) -> None:
    optimizer.zero_grad()
    model(torch.randn(5, 6)).square().sum().backward()
    optimizer.step()


def steps_until(condition: Callable[[], bool], model: Any, optimizer: Any) -> int:
    for count in range(20_000):
        if condition():
            return count
        step(model, optimizer)
        time.sleep(0.001)
    pytest.fail("it did not happen")


def zeros(model: Any) -> int:
    return sum(int((layer.weight == 0).sum()) for layer in (model[0], model[2]))


def session(loop: FakeLoop, **options: Any) -> Session:
    return Session("fake", {"rewind": "none"}, loop=loop, **options)


def test_training_goes_on_under_the_old_mask_until_the_decision_comes(tmp_path: Path, model: Any) -> None:
    loop, optimizer = SlowLoop(tmp_path), sgd(model)
    with session(loop) as run:
        continual = run.continual(model, optimizer, every=5)
        for _ in range(50):
            step(model, optimizer)
        assert continual.is_waiting
        assert zeros(model) == 0
        assert not loop.published, "the decision on snapshot 0 has not come, so there is no snapshot 1"
        loop.gate.release()
        steps_until(lambda: run.iteration == 1, model, optimizer)
        assert zeros(model) == 72 - 59
        loop.gate.release()
        steps_until(lambda: run.iteration == 2, model, optimizer)
        assert zeros(model) == 72 - 48
    for snapshot in loop.published:
        file = TensorFile(tmp_path / snapshot.weights.key("espalier"))
        count = sum(bytes(file.rows(f"{i}.weight")).count(bytes(4)) for i in (0, 2))
        assert (snapshot.mask is None) == (snapshot.iteration == 0)
        assert count >= (0, 13, 24)[snapshot.iteration], "each snapshot was trained under the mask that it names"


def test_a_snapshot_holds_the_weights_of_one_step(tmp_path: Path, model: Any) -> None:
    loop, optimizer = SlowLoop(tmp_path), sgd(model)
    with session(loop) as run:
        run.continual(model, optimizer, every=3)
        for _ in range(3):
            step(model, optimizer)
        expected = model[0].weight.detach().clone()
        for _ in range(20):
            step(model, optimizer)
        loop.gate.release()
        steps_until(lambda: run.iteration == 1, model, optimizer)
    file = TensorFile(tmp_path / loop.published[0].weights.key("espalier"))
    assert bytes(file.rows("0.weight")) == expected.numpy().tobytes()


def test_the_end_of_the_run_leaves_the_last_mask_in_force(tmp_path: Path, model: Any) -> None:
    loop, optimizer = FakeLoop(tmp_path, iterations=2), sgd(model)
    with session(loop) as run:
        continual = run.continual(model, optimizer, every=2, wait=True)
        continual.log(accuracy=0.5)
        count = steps_until(lambda: continual.ended, model, optimizer)
        assert count == 6
        pruned = zeros(model)
        step(model, optimizer)
        assert zeros(model) == pruned == 72 - 48
    assert loop.states == ["running", "completed"]
    assert loop.published[0].metrics[0].value == 0.5
    assert loop.published[1].metrics == ()


def test_keep_and_roll_back_in_place(tmp_path: Path, model: Any) -> None:
    loop, optimizer = FakeLoop(tmp_path, iterations=4), sgd(model)
    loop.verdicts = {1: {"verdict": "keep"}, 2: {"verdict": "roll-back"}}
    with session(loop) as run:
        continual = run.continual(model, optimizer, every=2, wait=True)
        seen = []
        for _ in range(6):
            step(model, optimizer)
            seen.append(zeros(model))
        assert seen[1] == seen[3] == 13
        step(model, optimizer)
        assert zeros(model) == 0, "weights come back to life"
        assert not continual.ended


def test_stop_with_the_outcome_failed_is_an_error_and_the_user_can_stop(tmp_path: Path, model: Any) -> None:
    loop, optimizer = FakeLoop(tmp_path), sgd(model)
    loop.verdicts = {0: {"verdict": "stop", "outcome": "failed"}}
    with pytest.raises(RunFailedError), session(loop) as run:
        run.continual(model, optimizer, every=1, wait=True)
        step(model, optimizer)
    assert loop.states[-1] == "failed"
    other = FakeLoop(tmp_path / "other")
    optimizer = sgd(model)
    with session(other) as run:
        continual = run.continual(model, optimizer, every=100)
        step(model, optimizer)
        other.state = "stopped"
        step(model, optimizer)
        assert continual.ended
    assert other.states == ["running", "stopped"]


def test_a_resumed_run_takes_the_last_snapshot_and_its_decision(tmp_path: Path, model: Any) -> None:
    loop, optimizer = SlowLoop(tmp_path), sgd(model)
    with session(loop) as run:
        continual = run.continual(model, optimizer, every=2)
        loop.gate.release()
        steps_until(lambda: run.iteration == 1, model, optimizer)
        steps_until(lambda: continual.is_waiting, model, optimizer)
        steps_until(lambda: (tmp_path / "runs/fake/checkpoints/000001.json").exists(), model, optimizer)
        continual.close()
    loop.gate.release(10)
    fresh = nn.Sequential(nn.Linear(6, 8), nn.ReLU(), nn.Linear(8, 3))
    optimizer = sgd(fresh)
    with session(loop) as run:
        run.continual(fresh, optimizer, every=10**9)
        assert zeros(fresh) == 72 - 59, "the weights of snapshot 1"
        steps_until(lambda: run.iteration == 2, fresh, optimizer)
        assert zeros(fresh) == 72 - 48


def test_a_resumed_run_keeps_newer_weights_of_the_users_own_checkpoint(tmp_path: Path, model: Any) -> None:
    loop, optimizer = FakeLoop(tmp_path), sgd(model)
    with session(loop) as run:
        run.continual(model, optimizer, every=2, wait=True)
        for _ in range(3):
            step(model, optimizer)
    newer = {name: value.clone() for name, value in model.state_dict().items()}
    optimizer = sgd(model)
    with session(loop) as run:
        continual = run.continual(model, optimizer, every=10**9, restore=False)
        assert all(torch.equal(newer[name], value) for name, value in model.state_dict().items())
        continual.drain()
        assert zeros(model) == 72 - 59


def test_weights_that_are_not_finite_are_replaced_by_the_last_snapshot(tmp_path: Path, model: Any) -> None:
    loop, optimizer = FakeLoop(tmp_path), sgd(model)
    with session(loop) as run:
        run.continual(model, optimizer, every=2, wait=True)
        for _ in range(2):
            step(model, optimizer)
        with torch.no_grad():
            model[0].bias.fill_(float("nan"))
        for _ in range(2):
            step(model, optimizer)
        assert torch.isfinite(model[0].bias).all()
        step(model, optimizer)
        assert torch.isfinite(model[0].bias).all()
    assert loop.published[1].metrics[-1].name == "diverged"


def test_continual_training_does_not_rewind(tmp_path: Path, model: Any) -> None:
    with pytest.raises(UsageError, match="'rewind': 'none'"), Session("fake", loop=FakeLoop(tmp_path)) as run:
        run.continual(model, sgd(model), every=1)


def test_the_copy_is_cheap_and_counted(tmp_path: Path, model: Any) -> None:
    loop, optimizer = SlowLoop(tmp_path), sgd(model)
    with session(loop) as run:
        continual: Continual = run.continual(model, optimizer, every=10)
        for _ in range(100):
            step(model, optimizer)
        assert continual.steps == 100
        assert 0 < continual.overhead_seconds < 1
        continual.close()

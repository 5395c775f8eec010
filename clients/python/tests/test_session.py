# SPDX-License-Identifier: Apache-2.0
"""Sessions over a loop in this process."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from espalier import (
    ConfigurationError,
    CorruptArtifactError,
    Iteration,
    LayoutChangedError,
    Metric,
    OutageError,
    RunConflictError,
    RunFailedError,
    RunForgottenError,
    Session,
    UsageError,
    keys,
)
from espalier.events import EpochCompleted, RunStatus
from espalier.place import pairs_of
from support import ArrayNetwork, FakeLoop


@pytest.fixture
def loop(tmp_path: Path) -> FakeLoop:
    return FakeLoop(tmp_path)


def session(loop: FakeLoop, specification: dict[str, Any] | None = None, **options: Any) -> Session:
    return Session("fake", {"iterations": 3} if specification is None else specification, loop=loop, **options)


def train(loop: FakeLoop, network: ArrayNetwork, die_at: str = "", **options: Any) -> list[int]:
    """Trains until the run ends, or raises at a named moment."""
    trained = []
    with session(loop, options.pop("specification", None), **options) as run:
        for iteration in run.iterations(network):
            trained.append(iteration.number)
            network.train(iteration.number)
            if die_at == f"{iteration.number}":
                raise KeyboardInterrupt
            iteration.publish(accuracy=0.9 - iteration.number / 100)
    return trained


def weights(loop: FakeLoop) -> dict[str, str]:
    return {snapshot.weights.key("espalier"): snapshot.weights.sha256 for snapshot in loop.published}


def test_trains_until_the_decision_to_stop(loop: FakeLoop) -> None:
    network = ArrayNetwork()
    assert train(loop, network) == [0, 1, 2, 3]
    assert [s.iteration for s in loop.published] == [0, 1, 2, 3]
    assert [s.mask is None for s in loop.published] == [True, False, False, False]
    assert loop.decisions[-1].active < loop.decisions[0].active == 72
    assert loop.states == ["running", "completed"]
    assert loop.requests[0].specification == {"trainer": "external", "iterations": 3}


def test_pruned_weights_are_zero_in_every_snapshot(loop: FakeLoop) -> None:
    network = ArrayNetwork()
    with session(loop) as run:
        for iteration in run.iterations(network):
            network.train(iteration.number)
            network.arrays["fc1.weight"] += 1
            iteration.publish()
            if iteration.mask is not None:
                assert not network.arrays["fc1.weight"][~iteration.mask["fc1.weight"]].any()
    assert all(decision.pruned >= 0 for decision in loop.decisions)


def test_rewinds_to_the_initial_weights_under_the_new_mask(loop: FakeLoop) -> None:
    network = ArrayNetwork()
    initial = {name: array.copy() for name, array in network.arrays.items()}
    with session(loop) as run:
        for iteration in run.iterations(network):
            for name, array in network.arrays.items():
                mask = iteration.mask[name] if iteration.mask and name in iteration.mask else True
                assert np.array_equal(array, np.where(mask, initial[name], 0))
            network.train(iteration.number)
            iteration.publish()


def test_without_rewinding_the_trained_weights_go_on(loop: FakeLoop) -> None:
    network = ArrayNetwork()
    trained = None
    with session(loop, {"rewind": "none"}) as run:
        for iteration in run.iterations(network):
            if trained is not None and iteration.mask is not None:
                expected = np.where(iteration.mask["fc2.weight"], trained, 0)
                assert np.array_equal(network.arrays["fc2.weight"], expected)
            network.train(iteration.number)
            iteration.publish()
            trained = network.arrays["fc2.weight"].copy()


def test_rewinds_to_an_epoch_of_iteration_0(loop: FakeLoop) -> None:
    network = ArrayNetwork()
    target = None
    with session(loop, {"rewind": {"epoch": 1}}) as run:
        for iteration in run.iterations(network):
            if target is not None and iteration.mask is not None:
                assert np.array_equal(network.arrays["fc1.weight"], np.where(iteration.mask["fc1.weight"], target, 0))
            for epoch in (1, 2):
                network.train(10 * iteration.number + epoch)
                if iteration.number == 0 and epoch == 1:
                    target = network.arrays["fc1.weight"].copy()
                iteration.epoch(epoch, 2)
            iteration.publish()
    assert loop.store.size(keys.rewind("fake")) is not None


@pytest.mark.parametrize("rewind", ["initial", "none"])
@pytest.mark.parametrize("die_at", ["0", "1", "2", "3"])
def test_a_killed_run_resumes_to_the_same_bytes(tmp_path: Path, rewind: str, die_at: str) -> None:
    specification = {"iterations": 3, "rewind": rewind}
    undisturbed, killed = FakeLoop(tmp_path / "a"), FakeLoop(tmp_path / "b")
    train(undisturbed, ArrayNetwork(), specification=specification)
    with pytest.raises(KeyboardInterrupt):
        train(killed, ArrayNetwork(), die_at=die_at, specification=specification)
    assert killed.states[-1] == "pending"
    assert train(killed, ArrayNetwork(), specification=specification)[0] == int(die_at)
    assert weights(killed) == weights(undisturbed)
    assert killed.decisions[-1] == undisturbed.decisions[-1]


class Death(BaseException):
    """A process that is killed."""


@pytest.mark.parametrize("rewind", ["initial", "none"])
def test_a_death_before_or_after_any_write_leaves_the_same_bytes(
    tmp_path: Path, rewind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    specification = {"iterations": 2, "rewind": rewind}
    undisturbed = FakeLoop(tmp_path / "undisturbed", iterations=2)
    train(undisturbed, ArrayNetwork(), specification=specification)
    for moment in range(20):
        loop = FakeLoop(tmp_path / f"{moment}", iterations=2)
        create, left = loop.store.create, iter(range(moment))

        def deadly(key: str, size: int, chunks: Any, create: Any = create, left: Iterator[int] = left) -> Any:
            if "/mask." in key:
                return create(key, size, chunks)
            if next(left, None) is None:
                raise Death
            created = create(key, size, chunks)
            if next(left, None) is None:
                raise Death
            return created

        monkeypatch.setattr(loop.store, "create", deadly)
        died = False
        try:
            train(loop, ArrayNetwork(), specification=specification)
        except Death:
            died = True
        monkeypatch.undo()
        train(loop, ArrayNetwork(), specification=specification)
        assert weights(loop) == weights(undisturbed), moment
        assert loop.decisions[-1] == undisturbed.decisions[-1]
        if not died:
            return
    pytest.fail("no run without a death")


def test_metrics_of_stored_weights_survive_a_death_before_the_checkpoint(
    loop: FakeLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    network, create = ArrayNetwork(), loop.store.create

    def deadly(key: str, size: int, chunks: Any) -> Any:
        if "checkpoints" in key:
            raise Death
        return create(key, size, chunks)

    monkeypatch.setattr(loop.store, "create", deadly)
    with pytest.raises(Death):
        train(loop, network)
    monkeypatch.undo()
    assert train(loop, ArrayNetwork()) == [1, 2, 3], "iteration 0 is not trained again"
    assert loop.published[0].metrics == (Metric("accuracy", "test", 0.9),)


def test_weights_that_another_process_stored_first_are_taken_with_their_metrics(loop: FakeLoop) -> None:
    first, second = ArrayNetwork(), ArrayNetwork()
    with session(loop) as run:
        iteration = next(run.iterations(second))
        second.train(99)
        other = FakeLoop(loop.folder)
        train(other, first)
        iteration.publish(accuracy=0.1)
    assert loop.published[0] == other.published[0]


def test_keep_and_roll_back_choose_the_mask_of_the_next_iteration(loop: FakeLoop) -> None:
    network = ArrayNetwork()
    loop.verdicts = {1: {"verdict": "keep"}, 2: {"verdict": "roll-back"}}
    masks = []
    with session(loop) as run:
        for iteration in run.iterations(network):
            masks.append(iteration.mask)
            network.train(iteration.number)
            iteration.publish()
    assert masks[0] is None
    assert masks[1] is not None
    assert masks[2] is not None
    assert masks[1].digest == masks[2].digest
    assert masks[3] is None, "a roll-back without a mask makes all weights active"


def test_a_failed_run_is_an_error(loop: FakeLoop) -> None:
    loop.verdicts = {1: {"verdict": "stop", "outcome": "failed"}}
    with pytest.raises(RunFailedError, match="failed at iteration 1: as the test says"):
        train(loop, ArrayNetwork())
    assert loop.states == ["running", "failed"]


def test_weights_that_are_not_finite_are_replaced_and_reported_as_diverged(loop: FakeLoop) -> None:
    network = ArrayNetwork()
    with session(loop, {"rewind": "none"}) as run:
        for iteration in run.iterations(network):
            network.train(iteration.number)
            if iteration.number == 1:
                network.arrays["fc1.bias"][0] = np.nan
            iteration.publish(accuracy=0.5)
    assert Metric("diverged", "train", 1.0) in loop.published[1].metrics
    assert Metric("diverged", "train", 1.0) not in loop.published[2].metrics


def test_weights_that_are_not_finite_at_iteration_0_fail_the_run(loop: FakeLoop) -> None:
    network = ArrayNetwork()
    with (
        pytest.raises(RunFailedError, match=r"iteration 0: fc2\.weight has a value that is not finite"),
        session(loop) as run,
    ):
        iteration = next(run.iterations(network))
        network.arrays["fc2.weight"][0, 0] = np.inf
        iteration.publish()
    assert loop.states[-1] == "failed"
    assert not loop.published


def test_a_run_id_of_another_model_is_refused(loop: FakeLoop) -> None:
    train(loop, ArrayNetwork())
    with pytest.raises(RunConflictError, match=r"(?s)belongs to another model.*fc1\.bias is F32 \[9\].*F32 \[8\]"):
        train(loop, ArrayNetwork(hidden=9))


def test_a_run_id_of_another_specification_is_refused(loop: FakeLoop) -> None:
    train(loop, ArrayNetwork())
    with pytest.raises(RunConflictError, match="was requested with iterations = 3, not 4"):
        train(loop, ArrayNetwork(), specification={"iterations": 4})
    with session(loop, {}) as run:
        assert run.specification["iterations"] == 3


def test_shapes_that_change_while_training_are_refused(loop: FakeLoop) -> None:
    with pytest.raises(LayoutChangedError), session(loop) as run:
        for iteration in run.iterations(network := ArrayNetwork()):
            other = ArrayNetwork(hidden=9)
            loop.store = other_store(loop, other)
            network.train(0)
            iteration.publish()


def other_store(loop: FakeLoop, network: ArrayNetwork) -> Any:
    from espalier.store import FolderStore
    from espalier.tensorfile import header

    store = FolderStore(loop.folder)
    data = header(network.layout.infos, {}) + b"".join(network.chunks())
    store.create(keys.weights("fake", 0), len(data), [data])
    return store


def test_an_object_with_another_digest_is_refused(loop: FakeLoop) -> None:
    with pytest.raises(CorruptArtifactError, match="the digest"), session(loop) as run:
        for iteration in run.iterations(network := ArrayNetwork()):
            network.train(iteration.number)
            iteration.publish()
            file = loop.folder / keys.initial("fake")
            file.write_bytes(file.read_bytes()[:-1] + b"\1")


@pytest.mark.parametrize("outages", [1, 3])
def test_an_outage_is_waited_for(loop: FakeLoop, outages: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("espalier.outage.time.sleep", lambda _seconds: None)
    loop.outages = outages
    assert train(loop, ArrayNetwork()) == [0, 1, 2, 3]


def test_an_outage_is_raised_after_the_patience(loop: FakeLoop) -> None:
    loop.outages = 1000
    with pytest.raises(OutageError, match=r"(?s)the decision on iteration 0 did not succeed within 0 s.*on_outage"):
        train(loop, ArrayNetwork(), on_outage="raise", patience=0)
    assert loop.states[-1] == "pending"


def test_training_goes_on_without_a_decision_under_the_same_mask(loop: FakeLoop) -> None:
    loop.silent = 2
    trained = train(loop, ArrayNetwork(), on_outage="continue", patience=0)
    assert trained == [0, 0, 0, 1, 2, 3]
    assert len({snapshot.weights for snapshot in loop.published if snapshot.iteration == 0}) == 1


def test_a_paused_run_waits_and_a_stopped_one_ends_the_block(loop: FakeLoop, monkeypatch: pytest.MonkeyPatch) -> None:
    network, pauses = ArrayNetwork(), []

    def resume(_seconds: float) -> None:
        pauses.append(loop.state)
        loop.state = "running"

    monkeypatch.setattr("espalier.session.time.sleep", resume)
    with session(loop) as run:
        for iteration in run.iterations(network):
            network.train(iteration.number)
            loop.state = "paused" if iteration.number == 0 else "stopped"
            iteration.epoch(1, 1, loss=0.5)
            iteration.publish()
    assert pauses == ["paused"]
    assert loop.states == ["running", "paused", "running", "stopped"]
    assert run.state == "stopped"


def test_a_forgotten_run_is_an_error(loop: FakeLoop) -> None:
    loop.state = "forgotten"
    with pytest.raises(RunForgottenError):
        train(loop, ArrayNetwork())


def test_sigterm_reports_pending_and_ends_the_process(loop: FakeLoop) -> None:
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(SystemExit) as ended, session(loop) as run:
        for iteration in run.iterations(ArrayNetwork()):
            os.kill(os.getpid(), signal.SIGTERM)
            iteration.publish()
    assert ended.value.code == 143
    assert loop.states == ["running", "pending"]
    assert isinstance(status := loop.reports[-1], RunStatus)
    assert status.reason is not None
    assert status.reason.code == "terminated"
    assert signal.getsignal(signal.SIGTERM) == before


def test_an_error_of_the_script_is_reported_as_failed(loop: FakeLoop) -> None:
    with pytest.raises(ValueError, match="a bug"), session(loop) as run:
        for _ in run.iterations(ArrayNetwork()):
            raise ValueError("a bug")
    assert isinstance(status := loop.reports[-1], RunStatus)
    assert status.reason is not None
    assert (status.state, status.reason.message) == ("failed", "ValueError: a bug")


def test_epochs_are_reported(loop: FakeLoop) -> None:
    with session(loop) as run:
        for iteration in run.iterations(network := ArrayNetwork()):
            network.train(iteration.number)
            iteration.epoch(1, 2, Metric("accuracy", "validation", 0.5), learning_rate=0.1, loss=0.3)
            iteration.publish()
    epochs = [event for event in loop.reports if isinstance(event, EpochCompleted)]
    assert len(epochs) == 4
    assert epochs[0].metrics == (Metric("accuracy", "validation", 0.5), Metric("loss", "train", 0.3))


def test_an_iteration_without_a_snapshot_is_an_error(loop: FakeLoop) -> None:
    with pytest.raises(UsageError, match=r"iteration\.publish"), session(loop) as run:
        for _ in run.iterations(ArrayNetwork()):
            pass
    with pytest.raises(UsageError, match="published already"), session(loop) as run:
        for iteration in run.iterations(ArrayNetwork()):
            iteration.publish()
            iteration.publish()


def test_the_metrics_of_a_run_are_numbers(loop: FakeLoop) -> None:
    seen: list[Iteration] = []
    with session(loop) as run:
        assert run.metrics == {"espalier/iteration": 0.0}
        for iteration in run.iterations(ArrayNetwork()):
            seen.append(iteration)
            iteration.publish()
            assert run.metrics["espalier/active"] > 0
    assert seen[0].remaining == 1
    assert seen[3].remaining == run.metrics["espalier/remaining"] < 1


def test_names_without_a_weight_cannot_be_pruned(loop: FakeLoop) -> None:
    network = ArrayNetwork()
    network.arrays = {"kernel": np.ones((2, 2), np.float32)}
    from espalier.network import Layout
    from espalier.tensorfile import TensorInfo

    network.layout = Layout.of((TensorInfo("kernel", "F32", (2, 2)),), {})
    with pytest.raises(UsageError, match=r"no tensor .* can be pruned: kernel: its name does not end in 'weight'"):
        train(loop, network)


def test_settings_that_are_wrong_are_refused(loop: FakeLoop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ESPALIER_RUN_ID", raising=False)
    with pytest.raises(ConfigurationError, match="ESPALIER_RUN_ID"):
        Session(loop=loop)
    monkeypatch.setenv("ESPALIER_RUN_ID", "from-outside")
    assert Session(loop=loop).run_id == "from-outside"
    with pytest.raises(ConfigurationError, match="on_outage is 'never'"):
        Session("x", loop=loop, on_outage="never")  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError, match="rewind is 'twice'"):
        Session("x", {"rewind": "twice"}, loop=loop)
    with pytest.raises(ConfigurationError, match="external trainer"):
        Session("x", {"trainer": "espalier"}, loop=loop)


def test_the_pairs_of_the_specification_and_of_its_policy_are_measured() -> None:
    assert pairs_of({}) == ()
    assert pairs_of({"pairs": [{"p": 1, "q": 2}]}) == ((1.0, 2.0),)
    assert pairs_of({"policy": {"rule": {"type": "sap", "p": 0.3, "q": 0.9}}}) == ((0.5, 1), (1, 2), (0.3, 0.9))
    grid = pairs_of({"pairs": "grid"})
    assert len(grid) == 109
    assert grid[:2] == ((0.5, 1.0), (1.0, 2.0))
    assert (0.3, 1.1) in grid

# SPDX-License-Identifier: Apache-2.0
"""Pruning of one long training, in place and without waiting.

Every N steps the weights are copied, and a thread stores the copy, publishes the snapshot t and waits for the
decision, while training goes on under m_t. At the first step after the decision arrives, m_{t+1} is applied in place.
The next snapshot is taken only after that, so each snapshot was trained under the mask that it names.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from espalier import keys
from espalier.errors import RunFailedError, RunForgottenError, RunStoppedError, UsageError
from espalier.events import Decision, Metric, SnapshotPublished, metrics_of
from espalier.joining import Joined
from espalier.masks import Mask
from espalier.network import Network
from espalier.place import Place, after, metadata, stored_header, stored_metrics
from espalier.publishing import Publishing
from espalier.store import Chunk, publish
from espalier.tensorfile import header

if TYPE_CHECKING:
    from espalier.session import Session

_CLOSE = 10.0
LOGGER = logging.getLogger("espalier")
_Outcome = tuple[SnapshotPublished, Decision | None] | None


class Continual:
    """Follows an optimizer, and prunes the model that it trains.

    Attributes:
        steps: how many steps the optimizer has made
        overhead_seconds: what the training thread has spent in this class
    """

    def __init__(
        self,
        session: Session,
        network: Network,
        joined: Joined,
        optimizer: Any,
        every: int,
        *,
        wait: bool = False,
        restore: bool = True,
        agree_every: int = 10,
        masters: Mapping[Any, Any] | None = None,
        copies: Iterable[Any] = (),
        gradients: bool = False,
    ) -> None:
        """Resumes the run and takes the hook.

        Args:
            session: the run
            network: its model
            joined: what the session found
            optimizer: a ``torch.optim.Optimizer``
            every: number of steps between two snapshots, at least
            wait: whether training waits for each decision
            restore: whether a resumed run loads the weights of its last snapshot; False where the caller has loaded a
                newer checkpoint of its own, which has the optimizer's state, too
            agree_every: with several processes, the number of steps after which they compare what has arrived
            masters: as for :meth:`espalier.iteration.Iteration.optimizer`
            copies: likewise
            gradients: likewise
        """
        if every < 1:
            raise UsageError(f"every is {every}, but at least one step is needed between two snapshots")
        self.steps = 0
        self.overhead_seconds = 0.0
        self.run = session
        self._network = network
        self._publishing = Publishing(session, network, joined)
        self._optimizer = getattr(optimizer, "optimizer", optimizer)
        self._every = every
        self._wait = wait
        self._agree_every = agree_every
        self._metrics: tuple[Metric, ...] = ()
        self._place: Place | None = joined.beginning
        self._job: Future[_Outcome] | None = None
        self._thread: threading.Thread | None = None
        self._is_open = False
        self._taken_at = 0
        self._buffer = bytearray()
        self._resume(joined, restore)
        network.hold(optimizer, masters=masters, copies=tuple(copies), gradients=gradients)
        self._hook = self._optimizer.register_step_post_hook(self._after_step)
        session.report("running")

    def _resume(self, joined: Joined, restore: bool) -> None:
        last = joined.last
        mask: Mask | None = None
        if last is not None:
            if restore:
                self._publishing.load(last.weights)
            mask = self._publishing.mask_of(last.mask)
            self._place = Place(last.iteration, last.mask, last.weights, is_warm=True, pending=last)
            self.run.iteration = last.iteration
        elif restore and not joined.is_new:
            self._publishing.load(joined.initial)
        self._network.apply(mask)
        if last is not None:
            self._submit(self._place, ())

    @property
    def ended(self) -> bool:
        """Whether the run is over: it has completed or was stopped. The last mask holds until :meth:`close`."""
        return self._place is None

    @property
    def is_waiting(self) -> bool:
        """Whether a snapshot is on its way and its decision has not been applied."""
        return self._is_open

    def log(self, *values: Metric, split: str = "test", **metrics: float) -> None:
        """Sets metrics for the next snapshot; a later value replaces an earlier one."""
        self._metrics = metrics_of((*self._metrics, *values), metrics, split)

    def _after_step(self, _optimizer: Any, _arguments: Any, _keywords: Any) -> None:
        began = time.perf_counter()
        self.steps += 1
        try:
            self._step()
        finally:
            self.overhead_seconds += time.perf_counter() - began

    def _step(self) -> None:
        if self._place is None:
            return
        alone = self.run.ranks.size == 1
        if not alone and self.steps % self._agree_every:
            return
        if alone and not self._is_open and self.steps - self._taken_at < self._every:
            if self.run.loop.desired() != "running":
                self._attend()
            return
        self._attend()
        if self._place is not None and self._is_open:
            self._take_decision(block=False)
        if self._place is not None and not self._is_open and self.steps - self._taken_at >= self._every:
            self._snapshot(self._place)
            if self._wait:
                self._take_decision(block=True)

    def _attend(self) -> None:
        try:
            self.run.attend()
        except (RunStoppedError, RunForgottenError):
            self._place = None
            self.run.report("stopped")

    def _snapshot(self, place: Place) -> None:
        """Copies the weights; the rest happens in the thread."""
        metrics = self._publishing.checked(place, self._metrics)
        if any(metric.name == "diverged" for metric in metrics):
            self._optimizer.state.clear()
        self._metrics = ()
        self._taken_at = self.steps
        size = self._network.layout.nbytes
        leads = self.run.ranks.rank == 0
        if leads and len(self._buffer) != size:
            self._buffer = bytearray(size)
        if leads or self._network.is_sharded:
            at = 0
            for chunk in self._network.chunks():
                if leads:
                    self._buffer[at : at + len(chunk)] = chunk
                at += len(chunk)
        self._submit(place, metrics)

    def _submit(self, place: Place | None, metrics: tuple[Metric, ...]) -> None:
        assert place is not None
        self._is_open = True
        if self.run.ranks.rank == 0:
            job: Future[_Outcome] = Future()
            self._job = job
            self._thread = threading.Thread(
                target=self._run, args=(job, place, metrics), name="espalier-continual", daemon=True
            )
            self._thread.start()

    def _run(self, job: Future[_Outcome], place: Place, metrics: tuple[Metric, ...]) -> None:
        try:
            job.set_result(self._work(place, metrics))
        except BaseException as e:  # noqa: BLE001
            job.set_exception(e)

    def _work(self, place: Place, metrics: tuple[Metric, ...]) -> _Outcome:
        """In the thread of the first process: store, publish, wait. Fetches the mask ahead of time."""
        snapshot = place.pending or self._store(place, metrics)
        if snapshot is None:
            return None
        decision = self.run.persistence.call(
            f"the decision on iteration {snapshot.iteration}", lambda limit: self.run.loop.decide(snapshot, limit)
        )
        if decision is not None and decision.mask is not None:
            self.run.downloads.fetch(decision.mask)
        return snapshot, decision

    def _store(self, place: Place, metrics: tuple[Metric, ...]) -> SnapshotPublished | None:
        store = self.run.loop.store
        key = keys.weights(self.run.run_id, place.iteration)
        head = header(self._network.layout.infos, metadata(metrics, place.mask))
        size = len(head) + len(self._buffer)

        def chunks() -> Iterator[Chunk]:
            yield head
            yield memoryview(self._buffer)

        def attempt(_limit: float) -> SnapshotPublished:
            weights, is_new = publish(store, key, size, chunks)
            there = None if is_new else stored_header(store, key)
            own = None if there is None else stored_metrics(there)
            return self._publishing.checkpoint(place, weights, metrics if own is None else own)

        return self.run.persistence.call(f"the upload of {key}", attempt)

    def _take_decision(self, block: bool) -> None:
        """Applies the decision, if it has come, at the same step in all processes."""
        ranks = self.run.ranks
        if not block and not ranks.lead(lambda: self._job is not None and self._job.done()):
            return
        outcome = ranks.lead(lambda: self._job.result() if self._job is not None else None)
        self._job, self._is_open = None, False
        assert self._place is not None
        if outcome is None:
            return
        snapshot, decision = outcome
        if decision is None:
            self._place = Place(snapshot.iteration, snapshot.mask, snapshot.weights, True, snapshot)
            self._submit(self._place, ())
            return
        self._obey(decision, snapshot)

    def _obey(self, decision: Decision, snapshot: SnapshotPublished) -> None:
        if decision.verdict == "stop" and decision.outcome == "failed":
            self.run.report("failed", decision.reason)
            self._place = None
        place = after(decision, snapshot, is_warm=True)
        mask = None if place is None else self._publishing.mask_of(place.mask)
        self.run.decided(decision, mask, snapshot.metrics)
        self._place = place
        if place is None:
            self.run.report("completed", decision.reason)
            return
        self._network.apply(mask)
        self.run.iteration = place.iteration
        self._taken_at = self.steps
        self.run.report("running")

    def drain(self) -> Decision | None:
        """Waits for a decision that is on its way and applies it, such as at the end of the training."""
        try:
            if self._place is not None and self._is_open:
                self._take_decision(block=True)
        except RunFailedError:
            self._place = None
            raise
        return self.run.decision

    def close(self) -> None:
        """Removes the hooks. The weights stay as they are; a snapshot on its way is decided on after a resume."""
        self._hook.remove()
        self._network.release()
        if self._thread is not None:
            self._thread.join(_CLOSE)

# SPDX-License-Identifier: Apache-2.0
"""A run, as the script of its trainer sees it."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from pathlib import Path
from types import TracebackType
from typing import Any

from espalier.continual import Continual
from espalier.errors import (
    ConfigurationError,
    EspalierError,
    OutageError,
    RunFailedError,
    RunForgottenError,
    RunStoppedError,
    UsageError,
)
from espalier.events import Decision, Json, Metric, Reason, ReportedState, RunStatus, require_run_id
from espalier.iteration import Iteration
from espalier.joining import Joined, join
from espalier.loop import KafkaLoop, Loop
from espalier.masks import Mask
from espalier.network import network_of
from espalier.outage import OnOutage, Persistence
from espalier.place import require_same_specification, specification_of
from espalier.publishing import Publishing
from espalier.ranks import Ranks, current_ranks
from espalier.settings import Settings
from espalier.signals import Termination
from espalier.store import Downloads

LOGGER = logging.getLogger("espalier")
_LOOK_EVERY = 1.0


class Session:
    """Joins, requests or resumes a run.

    Use it in a ``with`` block: the block ends when the run was stopped, and reports how it ended.

    Args:
        run_id: names the run; ``$ESPALIER_RUN_ID`` by default. A run id is used once, and the same id resumes the run
        specification: such as ``{"iterations": 10, "rewind": "initial", "seed": 1}``; the fields are those of a run
            specification. None takes the one that was requested with ``espalier run --trainer external``
        settings: where broker and store are; the environment by default
        on_outage: what to do when a snapshot cannot be published or its decision does not come: ``"wait"`` without
            limit, ``"raise"`` an :class:`OutageError` after ``patience`` seconds, or ``"continue"`` to train under
            the same mask after ``patience`` seconds
        patience: seconds
        connect_timeout: seconds to wait for the broker at the start
        loop: the services; for tests
    """

    def __init__(
        self,
        run_id: str | None = None,
        specification: Mapping[str, Any] | None = None,
        *,
        settings: Settings | None = None,
        on_outage: OnOutage = "wait",
        patience: float = 600.0,
        connect_timeout: float = 30.0,
        loop: Loop | None = None,
    ) -> None:
        if on_outage not in ("wait", "continue", "raise"):
            raise ConfigurationError(f"on_outage is {on_outage!r}, but 'wait', 'continue' or 'raise' is expected")
        named = run_id or os.environ.get("ESPALIER_RUN_ID")
        if not named:
            raise ConfigurationError("the session has no run id", "Try: Session('my-run', …), or set ESPALIER_RUN_ID")
        self.run_id = require_run_id(named)
        self._asked = specification
        self.specification: Json = specification_of(specification)
        self.ranks: Ranks = current_ranks()
        self.loop: Loop = loop or KafkaLoop(settings or Settings.from_environment(), self.run_id)
        self.downloads = Downloads(self.loop.store)
        self.persistence = Persistence(on_outage, patience, lambda: self._is_closed or self.loop.desired() == "stopped")
        self.decision: Decision | None = None
        self.unprunable: Mapping[str, str] = {}
        self.state: ReportedState = "pending"
        self.iteration = 0
        self._connect_timeout = connect_timeout
        self._is_closed = False
        self._continual: Continual | None = None
        self._termination = Termination(self._terminated)
        self._last: tuple[Metric, ...] = ()

    @staticmethod
    def local(
        folder: str | Path,
        policy: str | Path | Mapping[str, Any] | None = None,
        specification: Mapping[str, Any] | None = None,
        *,
        run_id: str = "local",
        command: str | Path | None = None,
    ) -> Session:
        """Makes a session without a stack: ``espalier decide`` takes the place of the services.

        Args:
            folder: keeps the objects, as the bucket would
            policy: a policy document or its file; the built-in policy by default
            specification: as for :class:`Session`
            run_id: names the run in the folder
            command: the program ``espalier``; ``$ESPALIER_COMMAND`` or the one on the PATH by default
        """
        from espalier.local import LocalLoop  # noqa: PLC0415

        loop = LocalLoop(Path(folder), require_run_id(run_id), policy, command)
        return Session(run_id, specification, loop=loop, on_outage="raise", patience=0.0)

    def __enter__(self) -> Session:
        try:
            requested = self.ranks.lead(lambda: self.loop.open(self._connect_timeout))
            if requested is None:
                self.ranks.lead(lambda: self.loop.request(self.specification))
            else:
                require_same_specification(self.run_id, self._asked, requested.specification)
                self.specification = dict(requested.specification)
        except BaseException:
            self._close()
            raise
        self._termination.install()
        return self

    def _close(self) -> None:
        self._is_closed = True
        if self._continual is not None:
            self._continual.close()
        self._termination.restore()
        self.downloads.close()
        if self.ranks.rank == 0:
            self.loop.close()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        try:
            if error is None:
                if self.state in ("pending", "running", "paused"):
                    self.report("pending", Reason("trainer-left", "the script left the session before the run's end"))
            elif isinstance(error, RunStoppedError):
                self.report("stopped")
            elif isinstance(error, RunFailedError):
                if self.state != "failed":
                    self.report("failed", Reason("run-failed", error.message))
            elif isinstance(error, OutageError):
                self.report("pending", Reason("outage", error.message))
            elif not isinstance(error, Exception):
                if self.state != "pending":
                    self.report(
                        "pending", Reason("trainer-interrupted", f"the trainer ended: {kind and kind.__name__}")
                    )
            else:
                message = error.message if isinstance(error, EspalierError) else f"{type(error).__name__}: {error}"
                self.report("failed", Reason("trainer-error", message.replace("\n", " ")[:1000] or "unknown"))
        finally:
            self._close()
        return isinstance(error, RunStoppedError)

    def iterations(self, model: Any) -> Iterator[Iteration]:
        """The iterations of the run, each prepared for training.

        Before an iteration is returned, the model has its starting weights and its mask. The loop ends when the run
        has completed; a stopped run ends the session's ``with`` block.

        Args:
            model: a ``torch.nn.Module``, or anything with the methods of :class:`espalier.network.Network`
        """
        network = network_of(model)
        publishing = Publishing(self, network, self._join(network))
        place = publishing.resume()
        while place is not None:
            self.attend()
            self.iteration = place.iteration
            mask = publishing.prepare(place)
            self.report("running")
            iteration = Iteration(self, network, publishing, place, mask)
            yield iteration
            network.release()
            place = iteration.next_place()
        self.report("completed", self._reason())

    def continual(self, model: Any, optimizer: Any, every: int, **options: Any) -> Continual:
        """Prunes one long training in place: see :class:`espalier.continual.Continual`.

        Args:
            model: the model under training
            optimizer: its optimizer
            every: number of optimizer steps between two snapshots
            **options: those of :class:`espalier.continual.Continual`
        """
        network = network_of(model)
        if self.specification.get("rewind", "initial") != "none":
            raise UsageError(
                "continual training does not rewind, but the specification says rewind = "
                f"{self.specification.get('rewind', 'initial')!r}",
                "Try: Session(run_id, {'rewind': 'none', …})",
            )
        self._continual = Continual(self, network, self._join(network), optimizer, every, **options)
        return self._continual

    def _join(self, network: Any) -> Joined:
        joined = join(self, network)
        self.unprunable = network.layout.unprunable
        if not network.layout.prunable:
            raise UsageError(
                "no tensor of the model can be pruned: " + "; ".join(f"{n}: {r}" for n, r in self.unprunable.items()),
                "Try: give weights that may be pruned a name that ends in 'weight' and two dimensions",
            )
        if self.ranks.rank == 0:
            for name, reason in self.unprunable.items():
                LOGGER.info("not prunable: run=%s tensor=%s reason=%s", self.run_id, name, reason)
        return joined

    def attend(self) -> None:
        """Waits while the run is paused. Raises :class:`RunStoppedError` if it was stopped."""
        state = self.ranks.lead(self.loop.desired)
        while state == "paused":
            if self.state != "paused":
                self.report("paused")
            state = self.ranks.lead(self._pause)
        if state == "stopped":
            raise RunStoppedError("the run was stopped")
        if state == "forgotten":
            raise RunForgottenError(f"the run {self.run_id} was removed from the loop")
        if self.state == "paused":
            self.report("running")

    def _pause(self) -> str:
        time.sleep(_LOOK_EVERY)
        return self.loop.desired()

    def decided(self, decision: Decision, mask: Mask | None, metrics: tuple[Metric, ...]) -> None:
        """Remembers a decision, and checks that all processes got the same mask."""
        self.decision = decision
        self._last = metrics
        self.ranks.require_same(mask.digest if mask is not None else "", "the mask")
        if self.ranks.rank == 0:
            LOGGER.info(
                "%s: run=%s iteration=%d remaining=%.4f reason=%s",
                decision.verdict,
                self.run_id,
                decision.iteration,
                decision.remaining,
                decision.reason.message,
            )

    @property
    def phase(self) -> str | None:
        """The phase of the PQ Index that the last decision saw."""
        return None if self.decision is None else self.decision.phase

    @property
    def metrics(self) -> dict[str, float]:
        """Numbers for a logger, such as ``wandb.log(run.metrics)`` or ``mlflow.log_metrics(run.metrics)``."""
        values = {"espalier/iteration": float(self.iteration)}
        if self.decision is not None:
            values["espalier/remaining"] = self.decision.remaining
            values["espalier/active"] = float(self.decision.active)
            values["espalier/pruned"] = float(self.decision.pruned)
            if self.decision.pqi is not None:
                values["espalier/pqi"] = self.decision.pqi
        return values

    def report(self, state: ReportedState, reason: Reason | None = None) -> None:
        """Tells the dashboard the state of the run."""
        self.state = state
        if self.ranks.rank != 0:
            return
        length = self.specification.get("iterations")
        known = length if isinstance(length, int) else None
        progress = 1.0 if state == "completed" else min(1.0, self.iteration / known) if known else 0.0
        now = datetime.now(timezone.utc)
        self.loop.report(
            RunStatus(self.run_id, state, self.iteration, progress, now, known, reason, self._last),
        )

    def _reason(self) -> Reason | None:
        return None if self.decision is None else self.decision.reason

    def _terminated(self) -> None:
        self.report("pending", Reason("terminated", "the trainer was terminated; the same script resumes the run"))

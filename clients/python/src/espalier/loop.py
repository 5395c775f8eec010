# SPDX-License-Identifier: Apache-2.0
"""What a session needs of the rest of the loop, and the loop behind Kafka and the object store."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any, Protocol

from espalier import keys
from espalier.broker import EventWriter, RunReader, last_of
from espalier.errors import EspalierError, OutageError
from espalier.events import Decision, EpochCompleted, RunRequested, RunStatus, SnapshotPublished
from espalier.s3 import S3Store
from espalier.settings import Settings
from espalier.store import ObjectStore

LOGGER = logging.getLogger("espalier")
_SEND = 15.0
_FIRST_REPEAT = 30.0


class Loop(Protocol):
    """The services, as one trainer sees them."""

    @property
    def store(self) -> ObjectStore:
        """Where weights and masks are."""

    def open(self, timeout: float) -> RunRequested | None:
        """Connects; returns the last request of the run, None if nobody has requested it."""

    def request(self, specification: Mapping[str, Any]) -> RunRequested:
        """Requests the run."""

    def desired(self) -> str:
        """The state that the user wants: running, paused, stopped, or forgotten."""

    def decide(self, snapshot: SnapshotPublished, timeout: float) -> Decision | None:
        """Publishes a snapshot and waits for the decision; None if it does not come in time."""

    def report(self, event: RunStatus | EpochCompleted) -> None:
        """Tells the dashboard. Never waits and never fails."""

    def close(self) -> None:
        """Ends all connections."""


class KafkaLoop:
    """The services behind Kafka and the object store."""

    def __init__(self, settings: Settings, run_id: str) -> None:
        """Takes the addresses; nothing is sent yet."""
        self.store: ObjectStore = S3Store(settings)
        self._settings = settings
        self._run_id = run_id
        self._writer: EventWriter | None = None
        self._decisions: RunReader | None = None
        self._runs: RunReader | None = None
        self._desired = "running"
        self._ended = threading.Event()
        self._follower: threading.Thread | None = None
        self._asked: tuple[int, float] = (-1, 0.0)

    def open(self, timeout: float) -> RunRequested | None:
        """Connects; returns the last request of the run, None if nobody has requested it."""
        self.store.size(keys.initial(self._run_id))
        self._runs = RunReader(self._settings, keys.RUNS, self._run_id, from_beginning=True, timeout=timeout)
        self._decisions = RunReader(self._settings, keys.DECISIONS, self._run_id, from_beginning=False, timeout=timeout)
        self._writer = EventWriter(self._settings, self._run_id)
        _, data = last_of(self._runs, timeout)
        request = None if data is None else RunRequested.from_json(data)
        self._desired = "running" if request is None else request.state
        self._follower = threading.Thread(target=self._follow, name="espalier-runs", daemon=True)
        self._follower.start()
        return request

    def request(self, specification: Mapping[str, Any]) -> RunRequested:
        """Requests the run."""
        request = RunRequested(self._run_id, "running", specification, datetime.now(timezone.utc))
        self._out.send(keys.RUNS, "run.requested.v1", request.event_id, None, request.to_json(), _SEND)
        return request

    def desired(self) -> str:
        """The state that the user wants."""
        return self._desired

    def _follow(self) -> None:
        assert self._runs is not None
        try:
            while not self._ended.is_set():
                about_run, data = self._runs.poll(0.5)
                if about_run:
                    self._desired = "forgotten" if data is None else str(data.get("state", self._desired))
        except EspalierError as e:
            LOGGER.error("the desired state is no longer followed: run=%s error=%s", self._run_id, e)
        finally:
            self._runs.close()

    def decide(self, snapshot: SnapshotPublished, timeout: float) -> Decision | None:
        """Publishes a snapshot and waits for the decision; None if it does not come in time.

        The register in the store is looked at, too: a decision that was made before this session has no new event.
        """
        end = time.monotonic() + timeout
        patience, again = _FIRST_REPEAT, 0.0
        look, pause = 0.0, 0.25
        if self._asked[0] == snapshot.iteration:
            again = self._asked[1]
        while True:
            now = time.monotonic()
            if now >= again:
                self._publish(snapshot)
                again, patience = time.monotonic() + patience, patience * 2
                self._asked = (snapshot.iteration, again)
            if now >= look:
                decision = self._registered(snapshot.iteration)
                if decision is not None:
                    return decision
                pause = min(5.0, pause * 2)
                look = time.monotonic() + pause
            if now >= end:
                return None
            decision = self._announced(snapshot.iteration, max(0.0, min(again, look, end) - now))
            if decision is not None:
                return decision

    def _publish(self, snapshot: SnapshotPublished) -> None:
        self._out.send(
            keys.SNAPSHOTS,
            "snapshot.published.v1",
            snapshot.event_id,
            snapshot.iteration,
            snapshot.to_json(),
            _SEND,
        )

    def _announced(self, iteration: int, timeout: float) -> Decision | None:
        assert self._decisions is not None
        about_run, data = self._decisions.poll(min(timeout, 0.5))
        if about_run and data is not None and data.get("iteration") == iteration:
            return Decision.from_json(data)
        return None

    def _registered(self, iteration: int) -> Decision | None:
        """The decision in the register, once the mask that it names is stored."""
        entry = self.store.read(keys.decision(self._run_id, iteration))
        if entry is None:
            return None
        decision = Decision.from_json(json.loads(entry)["decision"])
        if decision.mask is not None and self.store.size(decision.mask.key(self.store.bucket)) is None:
            return None
        return decision

    def report(self, event: RunStatus | EpochCompleted) -> None:
        """Tells the dashboard. Never waits and never fails."""
        if self._writer is None:
            return
        topic, kind = (
            (keys.RUN_STATUS, "run.status.v1")
            if isinstance(event, RunStatus)
            else (keys.PROGRESS, "epoch.completed.v1")
        )
        try:
            self._writer.report(topic, kind, event.event_id, event.iteration, event.to_json())
        except ValueError as e:
            LOGGER.warning("a report was dropped, it cannot be written as JSON: run=%s error=%s", self._run_id, e)

    @property
    def _out(self) -> EventWriter:
        if self._writer is None:
            raise OutageError("the session is not connected")
        return self._writer

    def close(self) -> None:
        """Ends all connections, and waits a few seconds for the last reports."""
        self._ended.set()
        if self._follower is not None:
            self._follower.join(5.0)
        elif self._runs is not None:
            self._runs.close()
        if self._decisions is not None:
            self._decisions.close()
        if self._writer is not None:
            self._writer.close(5.0)
            self._writer = None

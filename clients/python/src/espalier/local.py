# SPDX-License-Identifier: Apache-2.0
"""The loop without a stack: ``espalier decide`` takes the place of the services, a folder that of the bucket."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from espalier import keys
from espalier.errors import ConfigurationError, EspalierError
from espalier.events import Decision, EpochCompleted, RunRequested, RunStatus, SnapshotPublished
from espalier.store import FolderStore, ObjectStore, publish_bytes

_BAD_INPUT = 2


class LocalLoop:
    """Decides with the program ``espalier``, by the code of the services.

    The folder holds ``runs/<run id>/…`` as the bucket does, the decision register included: the decisions, masks and
    measurements have the bytes that the services would write.
    """

    def __init__(
        self, folder: Path, run_id: str, policy: str | Path | Mapping[str, Any] | None, command: str | Path | None
    ) -> None:
        """Takes the arguments of :meth:`espalier.session.Session.local`."""
        self._folder = folder
        self._objects = FolderStore(folder)
        self._run_id = run_id
        self._policy = policy
        self._command = command_of(command)
        self.reports: list[RunStatus | EpochCompleted] = []

    @property
    def store(self) -> ObjectStore:
        """The folder."""
        return self._objects

    @property
    def _request_key(self) -> str:
        return f"{keys.run(self._run_id)}request.json"

    def open(self, timeout: float) -> RunRequested | None:  # noqa: ARG002
        """Returns the request that the folder holds; None in a new folder."""
        data = self._objects.read(self._request_key)
        return None if data is None else RunRequested.from_json(json.loads(data))

    def request(self, specification: Mapping[str, Any]) -> RunRequested:
        """Writes the request into the folder."""
        request = RunRequested(self._run_id, "running", specification, datetime.now(timezone.utc))
        publish_bytes(self._objects, self._request_key, json.dumps(request.to_json()).encode())
        return request

    def desired(self) -> str:
        """A local run is neither paused nor stopped from outside."""
        return "running"

    def decide(self, snapshot: SnapshotPublished, timeout: float) -> Decision | None:  # noqa: ARG002
        """Runs ``espalier decide`` on the snapshot, unless the folder holds the decision."""
        register = self._objects.path(keys.decision(self._run_id, snapshot.iteration))
        if not register.exists():
            self._run(snapshot)
        return Decision.from_json(json.loads(register.read_bytes())["decision"])

    def _run(self, snapshot: SnapshotPublished) -> None:
        checkpoint = self._objects.path(keys.checkpoint(self._run_id, snapshot.iteration))
        command = [self._command, "decide", "--snapshot", str(checkpoint)]
        policy = self._policy_file()
        if policy is not None:
            command += ["--policy", str(policy)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode != 0:
            lines = done.stderr.strip().removeprefix("espalier: ").splitlines() or ["no message"]
            kind = ConfigurationError if done.returncode == _BAD_INPUT else EspalierError
            raise kind(f"espalier decide failed: {lines[0]}", "\n".join(lines[1:]) or None)

    def _policy_file(self) -> Path | None:
        if self._policy is None:
            return None
        if isinstance(self._policy, Mapping):
            file = self._folder / "policy.json"
            file.write_text(json.dumps(dict(self._policy)))
            return file
        return Path(self._policy)

    def report(self, event: RunStatus | EpochCompleted) -> None:
        """Keeps the reports, so that a test can look at them."""
        self.reports.append(event)

    def close(self) -> None:
        """Nothing is open."""


def command_of(command: str | Path | None) -> str:
    """The program ``espalier``."""
    named = str(command or os.environ.get("ESPALIER_COMMAND") or "espalier")
    found = shutil.which(named)
    if found is None:
        raise ConfigurationError(
            f"the program {named} was not found",
            "Try: Session.local(folder, command='…/espalier'), or set ESPALIER_COMMAND",
        )
    return found

# SPDX-License-Identifier: Apache-2.0
"""What happens while the broker, the store or a service does not answer."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeVar

from espalier.errors import OutageError, RunStoppedError

T = TypeVar("T")
LOGGER = logging.getLogger("espalier")
OnOutage = Literal["wait", "continue", "raise"]
_SLICE = 1.0
_SAY_EVERY = 60.0


@dataclass(frozen=True)
class Persistence:
    """Repeats what may block.

    Args:
        on_outage: ``wait`` has no limit; ``raise`` raises an :class:`OutageError` after ``patience`` seconds;
            ``continue`` gives up after ``patience`` seconds, and training goes on under the same mask
        patience: seconds
        is_stopped: whether the user asked for the run's end meanwhile
    """

    on_outage: OnOutage
    patience: float
    is_stopped: Callable[[], bool] = lambda: False

    def call(self, what: str, action: Callable[[float], T | None]) -> T | None:
        """Repeats an action, which gets the seconds that it may take, until it has a result.

        Returns:
            The result, or None after the patience has ended, with ``on_outage="continue"``.
        """
        started = time.monotonic()
        said, pause = started, 0.5
        problem: OutageError | None = None
        while True:
            limit = _SLICE
            if self.on_outage != "wait":
                limit = max(0.1, min(_SLICE, started + self.patience - time.monotonic()))
            try:
                result = action(limit)
                if result is not None:
                    return result
            except OutageError as e:
                problem = e
                time.sleep(min(pause, limit))
                pause = min(10.0, pause * 2)
            if self.is_stopped():
                raise RunStoppedError("the run was stopped")
            waited = time.monotonic() - started
            if self.on_outage != "wait" and waited >= self.patience:
                if self.on_outage == "continue":
                    LOGGER.warning("training goes on without %s: waited=%.0fs", what, waited)
                    return None
                raise OutageError(
                    f"{what} did not succeed within {self.patience:g} s" + (f": {problem.message}" if problem else ""),
                    "Try: check the services with ./espalier runs, or choose on_outage='wait'",
                ) from problem
            if time.monotonic() - said >= _SAY_EVERY:
                said = time.monotonic()
                LOGGER.warning("waiting for %s: waited=%.0fs error=%s", what, waited, problem or "no answer yet")

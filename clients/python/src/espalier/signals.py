# SPDX-License-Identifier: Apache-2.0
"""SIGTERM: the run is reported as pending, and the process ends. Nothing else is needed to resume."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any


class Termination:
    """Handles SIGTERM while a session is open."""

    def __init__(self, terminated: Callable[[], None]) -> None:
        """Takes what to do before the process ends."""
        self._terminated = terminated
        self._previous: Any = None
        self._process = 0

    def install(self) -> None:
        """Takes the signal, in the main thread only: Python allows no other."""
        if threading.current_thread() is threading.main_thread():
            self._process = os.getpid()
            self._previous = signal.signal(signal.SIGTERM, self._handle)

    def restore(self) -> None:
        """Gives the signal back to the handler that was there before."""
        if self._process == os.getpid() and self._previous is not None:
            if signal.getsignal(signal.SIGTERM) == self._handle:
                signal.signal(signal.SIGTERM, self._previous)
            self._previous = None

    def _handle(self, number: int, frame: FrameType | None) -> None:
        if os.getpid() != self._process:
            # A worker of a data loader inherited the handler: it ends without a word.
            os._exit(128 + number)
        self._terminated()
        if callable(self._previous):
            self._previous(number, frame)
        else:
            sys.exit(128 + number)

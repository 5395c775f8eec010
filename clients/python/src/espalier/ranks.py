# SPDX-License-Identifier: Apache-2.0
"""One training in several processes: the first process talks to the loop, all obey."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from typing import Any, Protocol, TypeVar, cast

from espalier import errors
from espalier.errors import EspalierError, RanksDisagreeError, UsageError

T = TypeVar("T")
_HEARTBEAT = 5.0


class Ranks(Protocol):
    """The processes of one training."""

    @property
    def rank(self) -> int:
        """The number of this process, from 0."""

    @property
    def size(self) -> int:
        """The number of processes."""

    def lead(self, action: Callable[[], T]) -> T:
        """Runs the action in the first process; all processes get its result, or its error."""

    def require_same(self, value: str, what: str) -> None:
        """Fails in all processes if the value is not the same in all of them."""

    def any(self, value: str | None) -> str | None:
        """The first value that is not None, in the order of the processes."""


class OneRank:
    """A training in one process."""

    rank = 0
    size = 1

    def lead(self, action: Callable[[], T]) -> T:
        """Runs the action."""
        return action()

    def require_same(self, value: str, what: str) -> None:
        """One process agrees with itself."""

    def any(self, value: str | None) -> str | None:
        """The value."""
        return value


class TorchRanks:
    """The processes of ``torch.distributed``.

    Messages use a gloo group of their own, on the CPU. While the first process waits, it sends a heartbeat, so that no
    collective operation waits longer than some seconds: neither a pause nor an outage runs into a timeout of a
    process group.
    """

    def __init__(self) -> None:
        """Makes the group; all processes must call this at the same place."""
        from torch import distributed  # noqa: PLC0415

        self._distributed = distributed
        self.rank = int(distributed.get_rank())
        self.size = int(distributed.get_world_size())
        self._group: Any = distributed.new_group(backend="gloo")

    def lead(self, action: Callable[[], T]) -> T:
        """Runs the action in a thread of the first process, with heartbeats until it ends."""
        if self.rank != 0:
            while True:
                message = self._broadcast(None)
                if message[0] != "wait":
                    return cast(T, _opened(message))
        answer: list[tuple[Any, ...]] = []
        done = threading.Event()

        def work() -> None:
            try:
                answer.append(("done", action()))
            except BaseException as e:  # noqa: BLE001
                answer.append(("error", e))
            finally:
                done.set()

        threading.Thread(target=work, name="espalier-lead", daemon=True).start()
        while not done.wait(_HEARTBEAT):
            self._broadcast(("wait",))
        kind, value = answer[0]
        if kind == "done":
            self._broadcast(answer[0])
            return cast(T, value)
        self._broadcast(_wrapped(value))
        raise value

    def require_same(self, value: str, what: str) -> None:
        """Fails in all processes if the value is not the same in all of them."""
        values = self._gather(value)
        if len(set(values)) > 1:
            told = ", ".join(f"rank {rank}: {text[:12]}" for rank, text in enumerate(values))
            raise RanksDisagreeError(
                f"the processes disagree about {what} ({told})",
                "Try: wrap the model in DistributedDataParallel, and give all ranks the same weights and settings",
            )

    def any(self, value: str | None) -> str | None:
        """The first value that is not None, in the order of the processes."""
        return next((found for found in self._gather(value) if found is not None), None)

    def _gather(self, value: Any) -> list[Any]:
        values: list[Any] = [None] * self.size
        self._distributed.all_gather_object(values, value, group=self._group)
        return values

    def _broadcast(self, message: tuple[Any, ...] | None) -> tuple[Any, ...]:
        box: list[Any] = [message]
        self._distributed.broadcast_object_list(box, src=0, group=self._group)
        return cast(tuple[Any, ...], box[0])


def _wrapped(error: BaseException) -> tuple[Any, ...]:
    if isinstance(error, EspalierError):
        return ("espalier", type(error).__name__, error.message, error.advice)
    return ("other", f"{type(error).__name__} in the first process: {error}")


def _opened(message: tuple[Any, ...]) -> Any:
    if message[0] == "done":
        return message[1]
    if message[0] == "espalier":
        raise getattr(errors, message[1], EspalierError)(message[2], message[3])
    raise RuntimeError(message[1])


def current_ranks() -> Ranks:
    """The processes that this one belongs to."""
    if "torch" in sys.modules:
        from torch import distributed  # noqa: PLC0415

        if distributed.is_available() and distributed.is_initialized():
            return TorchRanks() if distributed.get_world_size() > 1 else OneRank()
    if int(os.environ.get("WORLD_SIZE", "1")) > 1 and "LOCAL_RANK" in os.environ:
        raise UsageError(
            f"WORLD_SIZE is {os.environ['WORLD_SIZE']}, but the process group is not initialised",
            "Try: call torch.distributed.init_process_group() before espalier.Session(...)",
        )
    return OneRank()

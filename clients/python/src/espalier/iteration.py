# SPDX-License-Identifier: Apache-2.0
"""One iteration of a run: train, then publish."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from espalier.errors import UsageError
from espalier.events import Decision, EpochCompleted, Metric, metrics_of
from espalier.masks import Mask
from espalier.network import Network
from espalier.place import Place
from espalier.publishing import Publishing

if TYPE_CHECKING:
    from espalier.session import Session

O = TypeVar("O")  # noqa: E741


class Iteration:
    """The training of the weights w_t under the mask m_t.

    Attributes:
        number: t, from 0
        mask: m_t; None while every weight is active
    """

    def __init__(
        self, session: Session, network: Network, publishing: Publishing, place: Place, mask: Mask | None
    ) -> None:
        """Takes what the session has prepared."""
        self.number = place.iteration
        self.mask = mask
        self.run = session
        self._network = network
        self._publishing = publishing
        self._place = place
        self._next: Place | None = None
        self._is_published = False
        self._epoch_began = time.monotonic()

    @property
    def remaining(self) -> float:
        """The share of the prunable weights that are active."""
        total = sum(info.count for info in self._network.layout.prunable)
        if self.mask is None or total == 0:
            return 1.0
        return (total - (self.mask.total - self.mask.active)) / total

    def optimizer(
        self,
        optimizer: O,
        *,
        masters: Mapping[Any, Any] | None = None,
        copies: Iterable[Any] = (),
        gradients: bool = False,
    ) -> O:
        """Keeps the pruned weights at 0 after each step of the optimizer, and its state about them, too.

        Args:
            optimizer: a ``torch.optim.Optimizer``; several optimizers may be named, one after the other
            masters: master copies in higher precision that the optimizer updates: parameter of the model to its copy
            copies: models of the same structure that follow this one, such as an exponential moving average
            gradients: whether the gradients of pruned weights become 0 as soon as they are computed, so that they do
                not count in ``clip_grad_norm_``

        Returns:
            The optimizer.
        """
        self._network.hold(optimizer, masters=masters, copies=tuple(copies), gradients=gradients)
        return optimizer

    def epoch(
        self,
        epoch: int,
        epochs: int,
        *values: Metric,
        learning_rate: float = 0.0,
        split: str = "train",
        **metrics: float,
    ) -> None:
        """Reports an epoch, counted from 1. Waits while the run is paused, and ends it when it was stopped.

        Args:
            epoch: the number of the epoch
            epochs: how many epochs the iteration has
            *values: metrics of other splits
            learning_rate: of this epoch
            split: the data of the named metrics
            **metrics: such as ``loss=0.3``
        """
        now = time.monotonic()
        report = EpochCompleted(
            self.run.run_id,
            self.number,
            epoch,
            epochs,
            learning_rate,
            now - self._epoch_began,
            metrics_of(values, metrics, split),
        )
        if self.run.ranks.rank == 0:
            self.run.loop.report(report)
        rewind = self.run.specification.get("rewind")
        if self.number == 0 and isinstance(rewind, dict) and rewind.get("epoch") == epoch:
            self._publishing.keep_rewind_target()
        self.run.attend()
        self._epoch_began = time.monotonic()

    def publish(self, *values: Metric, split: str = "test", **metrics: float) -> Decision | None:
        """Stores the weights, tells the loop, and waits for the decision.

        Args:
            *values: metrics of other splits, such as ``Metric("loss", "train", 0.1)``
            split: the data of the named metrics
            **metrics: such as ``accuracy=0.97``, a ratio from 0 to 1. ``diverged=1`` says that training failed under
                the mask

        Returns:
            The decision; None if it did not come in time and the session has ``on_outage="continue"``.

        Raises:
            RunFailedError: the decision is to stop, with the outcome 'failed'
        """
        if self._is_published:
            raise UsageError(f"iteration {self.number} was published already")
        decision, self._next = self._publishing.publish(self._place, metrics_of(values, metrics, split))
        self._is_published = True
        return decision

    def recalibrate(self, loader: Iterable[Any], batches: int | None = None) -> None:
        """Estimates the statistics of batch normalisation again, before a metric of the just pruned model is taken.

        Args:
            loader: batches, or (batch, target) pairs
            batches: how many of them to use; all by default
        """
        from espalier.torch_network import recalibrate  # noqa: PLC0415

        recalibrate(self._network, loader, batches)

    def next_place(self) -> Place | None:
        """Where the run goes from here."""
        if not self._is_published:
            raise UsageError(
                f"iteration {self.number} ended without a snapshot", "Try: call iteration.publish(…) at its end"
            )
        return self._next

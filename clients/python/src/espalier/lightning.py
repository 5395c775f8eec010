# SPDX-License-Identifier: Apache-2.0
"""A callback for Lightning."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lightning.pytorch.callbacks import Callback

from espalier.continual import Continual
from espalier.events import Metric
from espalier.iteration import Iteration
from espalier.session import Session

MetricMap = Mapping[str, tuple[str, str]]
DEFAULT_METRICS: MetricMap = {
    "train_loss": ("loss", "train"),
    "val_loss": ("loss", "validation"),
    "val_acc": ("accuracy", "validation"),
}


class EspalierCallback(Callback):
    """Prunes what a Lightning ``Trainer`` fits.

    With an iteration, one ``fit`` is one iteration, and the snapshot is published at its end::

        for iteration in run.iterations(module):
            Trainer(…, callbacks=[EspalierCallback(iteration)]).fit(module, loader)

    With a session, one long fit is pruned in place; its specification says ``"rewind": "none"``::

        Trainer(…, callbacks=[EspalierCallback(run, every=1000)]).fit(module, loader)
    """

    def __init__(
        self,
        target: Session | Iteration,
        every: int = 1000,
        metrics: MetricMap = DEFAULT_METRICS,
        **options: Any,
    ) -> None:
        """Takes an iteration or a session.

        Args:
            target: what is trained
            every: with a session, the number of optimizer steps between two snapshots
            metrics: the name of a logged metric, to the name and the split in a snapshot
            **options: those of :meth:`Iteration.optimizer`, and with a session those of :class:`Continual`
        """
        self.target = target
        self.continual: Continual | None = None
        self._every = every
        self._names = metrics
        self._options = options

    def on_train_start(self, trainer: Any, pl_module: Any) -> None:
        """Takes the hook on the optimizers."""
        if isinstance(self.target, Iteration):
            for optimizer in trainer.optimizers:
                self.target.optimizer(optimizer, **self._options)
            return
        # A trainer that has loaded a checkpoint of its own holds newer weights than the last snapshot.
        options = {"restore": trainer.global_step == 0, **self._options}
        self.continual = self.target.continual(pl_module, trainer.optimizers[0], self._every, **options)

    def on_train_batch_end(self, trainer: Any, *_arguments: Any, **_keywords: Any) -> None:
        """Ends the training when the run is over."""
        if self.continual is not None and self.continual.ended:
            trainer.should_stop = True

    def on_train_epoch_end(self, trainer: Any, pl_module: Any) -> None:
        """Reports an epoch; waits here while the run is paused."""
        if isinstance(self.target, Iteration):
            epochs = max(trainer.max_epochs or 1, trainer.current_epoch + 1)
            rate = trainer.optimizers[0].param_groups[0]["lr"]
            self.target.epoch(trainer.current_epoch + 1, epochs, *self._metrics(trainer), learning_rate=float(rate))
        elif self.continual is not None:
            self.continual.log(*self._metrics(trainer))

    def on_train_end(self, trainer: Any, pl_module: Any) -> None:
        """Publishes the iteration, or applies a decision that is on its way."""
        if isinstance(self.target, Iteration):
            self.target.publish(*self._metrics(trainer))
        elif self.continual is not None:
            self.continual.drain()
            self.continual.close()

    def _metrics(self, trainer: Any) -> list[Metric]:
        logged = trainer.callback_metrics
        return [Metric(*self._names[key], float(value)) for key, value in logged.items() if key in self._names]

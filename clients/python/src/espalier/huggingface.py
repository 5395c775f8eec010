# SPDX-License-Identifier: Apache-2.0
"""A callback for the Hugging Face Trainer, which also works with Accelerate's optimizers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from transformers import TrainerCallback

from espalier.continual import Continual
from espalier.events import Metric
from espalier.iteration import Iteration
from espalier.session import Session

MetricMap = Mapping[str, tuple[str, str]]
DEFAULT_METRICS: MetricMap = {
    "loss": ("loss", "train"),
    "eval_loss": ("loss", "validation"),
    "eval_accuracy": ("accuracy", "validation"),
}


class EspalierCallback(TrainerCallback):
    """Prunes what a ``Trainer`` trains.

    With an iteration, one ``trainer.train()`` is one iteration, and the snapshot is published at its end::

        for iteration in run.iterations(model):
            Trainer(model, args, …, callbacks=[EspalierCallback(iteration)]).train()

    With a session, one long training is pruned in place; its specification says ``"rewind": "none"``::

        Trainer(model, args, …, callbacks=[EspalierCallback(run, every=1000)]).train()
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
            metrics: the name in the trainer's logs, to the name and the split in a snapshot
            **options: those of :meth:`Iteration.optimizer`, and with a session those of :class:`Continual`
        """
        self.target = target
        self.continual: Continual | None = None
        self._every = every
        self._names = metrics
        self._options = options
        self._seen: dict[str, Metric] = {}

    def on_train_begin(self, args: Any, state: Any, control: Any, **objects: Any) -> None:
        """Takes the hook on the optimizer."""
        if isinstance(self.target, Iteration):
            self.target.optimizer(objects["optimizer"], **self._options)
            return
        # A trainer that has loaded a checkpoint of its own holds newer weights than the last snapshot.
        options = {"restore": state.global_step == 0, **self._options}
        self.continual = self.target.continual(objects["model"], objects["optimizer"], self._every, **options)

    def on_log(
        self, args: Any, state: Any, control: Any, logs: Mapping[str, Any] | None = None, **objects: Any
    ) -> None:
        """Remembers the metrics for the next snapshot."""
        for key, value in (logs or {}).items():
            if key in self._names and isinstance(value, int | float):
                self._seen[key] = Metric(*self._names[key], float(value))
        if self.continual is not None:
            self.continual.log(*self._seen.values())

    def on_epoch_end(self, args: Any, state: Any, control: Any, **objects: Any) -> None:
        """Reports an epoch; waits here while the run is paused."""
        if isinstance(self.target, Iteration):
            self.target.epoch(max(1, round(state.epoch)), max(1, round(args.num_train_epochs)), *self._seen.values())

    def on_step_end(self, args: Any, state: Any, control: Any, **objects: Any) -> None:
        """Ends the training when the run is over."""
        if self.continual is not None and self.continual.ended:
            control.should_training_stop = True

    def on_train_end(self, args: Any, state: Any, control: Any, **objects: Any) -> None:
        """Publishes the iteration, or applies a decision that is on its way."""
        if isinstance(self.target, Iteration):
            self.target.publish(*self._seen.values())
        elif self.continual is not None:
            self.continual.drain()
            self.continual.close()

# SPDX-License-Identifier: Apache-2.0
"""From trained weights to the next iteration: snapshot, checkpoint, decision, mask."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

from espalier import keys
from espalier.errors import ConfigurationError, RunFailedError
from espalier.events import ArtifactRef, Decision, Metric, Reason, SnapshotPublished, metrics_of
from espalier.joining import Joined
from espalier.masks import Mask
from espalier.network import Network
from espalier.place import MASK, Place, after, metadata, pairs_of, stored_header, stored_metrics
from espalier.seeding import seed_all
from espalier.store import publish_bytes, reference_of
from espalier.tensorfile import TensorFile
from espalier.uploading import upload

if TYPE_CHECKING:
    from espalier.session import Session

LOGGER = logging.getLogger("espalier")


class Publishing:
    """The steps between two iterations. Each of them may be repeated after a crash."""

    def __init__(self, session: Session, network: Network, joined: Joined) -> None:
        """Takes what the session found when it joined."""
        self._session = session
        self._network = network
        self._joined = joined
        self._rewind = session.specification.get("rewind", "initial")
        self._pairs = pairs_of(session.specification)
        self._current: tuple[ArtifactRef, Mask] | None = None

    def resume(self) -> Place | None:
        """The place to begin with; None if the run has completed. Iterations that are done are not trained again."""
        place: Place | None = self._joined.beginning
        if self._joined.last is not None:
            place = self._obeyed(self._joined.last, is_warm=False)
        while place is not None:
            here = place
            snapshot = self._session.ranks.lead(lambda: self._stored(here))  # noqa: B023
            if snapshot is None:
                return place
            place = self._obeyed(snapshot, is_warm=False)
        return None

    def _stored(self, place: Place) -> SnapshotPublished | None:
        """The snapshot of an iteration whose weights were stored before a crash, but not its checkpoint."""
        store = self._session.loop.store
        key = keys.weights(self._session.run_id, place.iteration)
        head = stored_header(store, key)
        metrics = None if head is None else stored_metrics(head)
        if head is None or metrics is None:
            return None
        if head.metadata.get(MASK) != (place.mask.sha256 if place.mask else None):
            return None
        return self.checkpoint(place, reference_of(store, key), metrics)

    def prepare(self, place: Place) -> Mask | None:
        """Gives the model the weights and the mask with which the iteration begins."""
        start = self._start(place)
        if start is not None:
            self.load(start)
        mask = self.mask_of(place.mask)
        self._network.apply(mask)
        seed = self._session.specification.get("seed")
        if seed is not None and place.pending is None:
            seed_all(int(seed), place.iteration, self._session.ranks.rank)
        return mask

    def publish(self, place: Place, metrics: tuple[Metric, ...]) -> tuple[Decision | None, Place | None]:
        """Publishes the weights and waits for the decision.

        Returns:
            The decision and the next place. No decision, and the same place, where training goes on without it.
        """
        snapshot = place.pending or self._snapshot(place, metrics)
        if snapshot is None:
            return None, Place(place.iteration, place.mask, place.trained, is_warm=True)
        next_place = self._obeyed(snapshot, is_warm=self._rewind == "none")
        return self._session.decision, next_place

    def _snapshot(self, place: Place, metrics: tuple[Metric, ...]) -> SnapshotPublished | None:
        self._network.apply(self.mask_of(place.mask))
        metrics = self.checked(place, metrics)
        if not self._network.is_sharded:
            self._session.ranks.require_same(
                self._network.digest() if self._session.ranks.size > 1 else "", "the trained weights"
            )
        store = self._session.loop.store
        key = keys.weights(self._session.run_id, place.iteration)
        stored = upload(
            self._session.ranks, self._session.persistence, store, self._network, key, metadata(metrics, place.mask)
        )
        if stored is None:
            return None
        weights, is_new = stored
        if not is_new:
            metrics = self._take(place, weights, metrics)
        return self._session.ranks.lead(
            lambda: self._session.persistence.call(
                "the checkpoint", lambda _limit: self.checkpoint(place, weights, metrics)
            )
        )

    def _take(self, place: Place, weights: ArtifactRef, metrics: tuple[Metric, ...]) -> tuple[Metric, ...]:
        """The weights that were stored first are those that count, with their own metrics."""
        LOGGER.warning(
            "the stored weights of the iteration are taken: run=%s iteration=%d", self._session.run_id, place.iteration
        )
        file = self.load(weights)
        self._network.apply(self.mask_of(place.mask))
        return stored_metrics(file.header) or metrics

    def checkpoint(self, place: Place, weights: ArtifactRef, metrics: tuple[Metric, ...]) -> SnapshotPublished:
        """Proves that the weights of an iteration are stored. The first checkpoint of an iteration counts."""
        snapshot = SnapshotPublished(self._session.run_id, place.iteration, weights, place.mask, metrics, self._pairs)
        key = keys.checkpoint(self._session.run_id, place.iteration)
        data, _ = publish_bytes(self._session.loop.store, key, json.dumps(snapshot.to_json()).encode())
        return SnapshotPublished.from_json(json.loads(data))

    def _obeyed(self, snapshot: SnapshotPublished, is_warm: bool) -> Place | None:
        session = self._session
        decision = session.ranks.lead(
            lambda: session.persistence.call(
                f"the decision on iteration {snapshot.iteration}",
                lambda limit: session.loop.decide(snapshot, limit),
            )
        )
        if decision is None:
            session.decision = None
            return Place(snapshot.iteration, snapshot.mask, is_warm=True, pending=snapshot)
        if decision.verdict == "stop" and decision.outcome == "failed":
            session.iteration = decision.iteration
            session.report("failed", decision.reason)
        place = after(decision, snapshot, is_warm)
        session.decided(decision, self.mask_of(place.mask) if place else None, snapshot.metrics)
        return place

    def checked(self, place: Place, metrics: tuple[Metric, ...]) -> tuple[Metric, ...]:
        """Replaces diverged weights by the weights with which the iteration began."""
        for metric in metrics:
            if not metric.is_finite:
                LOGGER.warning("a metric without a finite value is left out: metric=%s", metric.name)
            elif metric.name == "accuracy" and metric.value > 1:
                LOGGER.warning("the accuracy is %g, but a ratio from 0 to 1 is expected", metric.value)
        diverged = any(metric.name == "diverged" and metric.value == 1 for metric in metrics)
        problem = self._session.ranks.any(self._network.non_finite())
        if problem is None and not diverged:
            return metrics
        told = problem or "the trainer says so"
        if place.iteration == 0:
            message = f"training diverged at iteration 0: {told}"
            self._session.report("failed", Reason("training-diverged", message))
            raise RunFailedError(message, "Try: a smaller learning rate; nothing was pruned yet")
        if problem is not None:
            LOGGER.warning("training diverged, the weights before it are published: %s", problem)
            self.load(self._origin(place))
            self._network.apply(self.mask_of(place.mask))
        return metrics_of(metrics, {"diverged": 1.0}, "train")

    def _start(self, place: Place) -> ArtifactRef | None:
        """The weights to load; None where the model holds them already."""
        return None if place.is_warm else self._origin(place)

    def _origin(self, place: Place) -> ArtifactRef:
        if place.trained is None or self._rewind == "initial":
            return self._joined.initial
        if self._rewind == "none":
            return place.trained
        data = self._session.ranks.lead(
            lambda: self._session.loop.store.read(keys.rewind_reference(self._session.run_id))
        )
        if data is None:
            raise ConfigurationError(
                f"the run rewinds to epoch {self._rewind['epoch']}, but iteration 0 did not report this epoch",
                "Try: call iteration.epoch(epoch, epochs) after each epoch",
            )
        return ArtifactRef.from_json(json.loads(data))

    def keep_rewind_target(self) -> None:
        """Stores the weights of this moment as those to which later iterations rewind."""
        session = self._session
        key = keys.rewind(session.run_id)
        stored = upload(session.ranks, session.persistence, session.loop.store, self._network, key, {"format": "pt"})
        if stored is not None:
            reference = json.dumps(stored[0].to_json()).encode()
            session.ranks.lead(
                lambda: publish_bytes(session.loop.store, keys.rewind_reference(session.run_id), reference)
            )

    def mask_of(self, ref: ArtifactRef | None) -> Mask | None:
        """Fetches and checks a mask; None where every weight is active."""
        if ref is None or (self._current is not None and self._current[0] == ref):
            return None if ref is None or self._current is None else self._current[1]
        mask = Mask.parse(self._session.downloads.fetch(ref).read_bytes(), ref.uri)
        mask.require_fits({info.name: info.shape for info in self._network.layout.infos})
        self._current = (ref, mask)
        return mask

    def load(self, ref: ArtifactRef) -> TensorFile:
        """Loads weights from the store into the model."""
        file = TensorFile(self._session.downloads.fetch(ref))
        self._network.layout.require_same(file.header.infos, ref.uri)
        self._network.load(file)
        if ref != self._joined.initial:
            self._session.downloads.forget(ref)
        return file

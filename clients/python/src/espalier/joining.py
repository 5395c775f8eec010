# SPDX-License-Identifier: Apache-2.0
"""Joining a run: the initial weights, the layout, and the iteration to begin with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from espalier import keys
from espalier.errors import LayoutChangedError, OutageError, RunConflictError
from espalier.events import ArtifactRef, SnapshotPublished
from espalier.network import Network
from espalier.place import Place, last_checkpoint, stored_header
from espalier.uploading import upload

if TYPE_CHECKING:
    from espalier.session import Session


@dataclass(frozen=True)
class Joined:
    """What a session found.

    Args:
        initial: the weights to which the run rewinds
        is_new: whether this process stored them, so that the model holds them
        last: the snapshot of the last iteration that is done; None at the beginning
    """

    initial: ArtifactRef
    is_new: bool
    last: SnapshotPublished | None

    @property
    def beginning(self) -> Place:
        """The first iteration."""
        return Place(is_warm=self.is_new)


def join(session: Session, network: Network) -> Joined:
    """Stores the initial weights or checks that those of the run belong to this model, and finds the last snapshot."""
    key = keys.initial(session.run_id)
    session.attend()
    stored = upload(session.ranks, session.persistence, session.loop.store, network, key, {"format": "pt"})
    if stored is None:
        raise OutageError(f"the initial weights of {session.run_id} could not be stored")
    initial, is_new = stored
    if not is_new:
        session.ranks.lead(lambda: _require_same_model(session, network))
    last = session.ranks.lead(
        lambda: session.persistence.call(
            "the look for a checkpoint", lambda _limit: (last_checkpoint(session.loop.store, session.run_id),)
        )
    )
    if last is None:
        raise OutageError(f"the checkpoints of {session.run_id} could not be read")
    return Joined(initial, is_new, last[0])


def _require_same_model(session: Session, network: Network) -> None:
    head = stored_header(session.loop.store, keys.initial(session.run_id))
    if head is None:
        return
    try:
        network.layout.require_same(head.infos, f"the run {session.run_id}")
    except LayoutChangedError as e:
        raise RunConflictError(
            f"the run id {session.run_id} belongs to another model: {e.message}", "Try: choose another run id"
        ) from e

# SPDX-License-Identifier: Apache-2.0
"""Uploading the weights of a network, from one process or gathered from all of them."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator, Mapping
from typing import Any

from espalier.errors import OutageError
from espalier.events import ArtifactRef
from espalier.network import Network
from espalier.outage import Persistence
from espalier.ranks import Ranks
from espalier.store import Chunk, ObjectStore, publish, reference_of
from espalier.tensorfile import header

Uploaded = tuple[ArtifactRef, bool]
_QUEUED_CHUNKS = 2
_AGAIN = "again"


def upload(
    ranks: Ranks,
    persistence: Persistence,
    store: ObjectStore,
    network: Network,
    key: str,
    metadata: Mapping[str, str],
) -> Uploaded | None:
    """Stores the weights under a key, or takes the weights that are there.

    Returns:
        The reference to the stored weights and whether this call stored them; None if the store did not answer and
        training goes on.
    """
    head = header(network.layout.infos, metadata)
    size = len(head) + network.layout.nbytes
    if not network.is_sharded:

        def attempt(_limit: float) -> Uploaded:
            return publish(store, key, size, lambda: _file(head, network.chunks()))

        return ranks.lead(lambda: persistence.call(f"the upload of {key}", attempt))
    return _upload_sharded(ranks, persistence, store, network, key, head, size)


def _upload_sharded(
    ranks: Ranks,
    persistence: Persistence,
    store: ObjectStore,
    network: Network,
    key: str,
    head: bytes,
    size: int,
) -> Uploaded | None:
    def there(_limit: float) -> tuple[ArtifactRef | None]:
        return (None if store.size(key) is None else reference_of(store, key),)

    while True:
        found = ranks.lead(lambda: persistence.call(f"the look for {key}", there))
        if found is None:
            return None
        if found[0] is not None:
            return found[0], False
        stream = _Stream(store, key, size) if ranks.rank == 0 else None
        for chunk in _file(head, network.chunks()):
            if stream is not None:
                stream.put(chunk)
        result: Any = ranks.lead(lambda stream=stream: stream.end())  # type: ignore[misc]
        if result != _AGAIN:
            return ArtifactRef(*result[0]), bool(result[1])


class _Stream:
    """An upload in a thread, fed by the collective gathering in the main thread through a short queue."""

    def __init__(self, store: ObjectStore, key: str, size: int) -> None:
        self._chunks: queue.Queue[Chunk | None] = queue.Queue(_QUEUED_CHUNKS)
        self._result: Uploaded | None = None
        self._error: BaseException | None = None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._work, args=(store, key, size), name="espalier-upload", daemon=True)
        self._thread.start()

    def _work(self, store: ObjectStore, key: str, size: int) -> None:
        try:
            self._result = publish(store, key, size, lambda: iter(self._chunks.get, None))
        except BaseException as e:  # noqa: BLE001
            self._error = e
        finally:
            self._ended.set()

    def put(self, chunk: Chunk) -> None:
        """Hands a copy of a chunk over, so that the gathered tensor can be freed.

        A failed upload drops the chunk, so that the gathering can end in all processes.
        """
        chunk = bytes(chunk)
        while not self._ended.is_set():
            try:
                self._chunks.put(chunk, timeout=0.5)
            except queue.Full:
                continue
            return

    def end(self) -> Any:
        """The result; "again" after an outage."""
        while not self._ended.is_set():
            try:
                self._chunks.put(None, timeout=0.5)
                break
            except queue.Full:
                continue
        self._thread.join()
        if isinstance(self._error, OutageError):
            return _AGAIN
        if self._error is not None:
            raise self._error
        assert self._result is not None
        ref, created = self._result
        return (ref.uri, ref.sha256, ref.size_bytes), created


def _file(head: bytes, chunks: Iterator[Chunk]) -> Iterator[Chunk]:
    yield head
    yield from chunks

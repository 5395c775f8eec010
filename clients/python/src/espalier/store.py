# SPDX-License-Identifier: Apache-2.0
"""The object store: objects are created once and never overwritten."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Protocol

from espalier.errors import CorruptArtifactError, StoreUnavailableError
from espalier.events import ArtifactRef

Chunk = bytes | memoryview
_BLOCK = 1 << 20


class ObjectStore(Protocol):
    """What a trainer needs of a store. Each method raises :class:`OutageError` where a retry may help."""

    @property
    def bucket(self) -> str:
        """Name of the bucket."""

    def read(self, key: str) -> bytes | None:
        """The content of a small object, None if it does not exist."""

    def head(self, key: str, size: int) -> bytes | None:
        """The first bytes of an object, None if it does not exist."""

    def blocks(self, key: str) -> Iterator[bytes]:
        """The content of an object, block by block."""

    def size(self, key: str) -> int | None:
        """The size of an object, None if it does not exist."""

    def create(self, key: str, size: int, chunks: Iterable[Chunk]) -> bool:
        """Creates an object from a stream of bytes; False if it exists, and then it stays as it is."""

    def keys(self, prefix: str) -> list[str]:
        """The keys that begin with the prefix, in ascending order."""


class Digest:
    """Passes chunks on and computes their SHA-256 and size."""

    def __init__(self, chunks: Iterable[Chunk]) -> None:
        """Takes the chunks to pass on."""
        self._chunks = chunks
        self._sha256 = hashlib.sha256()
        self._size = 0

    def __iter__(self) -> Iterator[Chunk]:
        for chunk in self._chunks:
            self._sha256.update(chunk)
            self._size += len(chunk)
            yield chunk

    def reference(self, bucket: str, key: str) -> ArtifactRef:
        """The reference to what was passed on."""
        return ArtifactRef(f"s3://{bucket}/{key}", self._sha256.hexdigest(), self._size)


def reference_of(store: ObjectStore, key: str) -> ArtifactRef:
    """Reads an object and computes its reference."""
    digest = Digest(store.blocks(key))
    for _ in digest:
        pass
    return digest.reference(store.bucket, key)


def publish(store: ObjectStore, key: str, size: int, chunks: Callable[[], Iterable[Chunk]]) -> tuple[ArtifactRef, bool]:
    """Creates an object, or takes the object that exists under its key.

    Returns:
        The reference to the object in the store, and whether this call created it.
    """
    if store.size(key) is None:
        digest = Digest(chunks())
        if store.create(key, size, digest):
            return digest.reference(store.bucket, key), True
    return reference_of(store, key), False


def publish_bytes(store: ObjectStore, key: str, data: bytes) -> tuple[bytes, bool]:
    """Creates a small object, or takes the object that exists under its key."""
    if store.create(key, len(data), [data]):
        return data, True
    there = store.read(key)
    if there is None:
        raise StoreUnavailableError(f"the store refuses to create {key}, but has no such object")
    return there, False


class Downloads:
    """Verified copies of objects in a temporary folder, which ends with the session."""

    def __init__(self, store: ObjectStore) -> None:
        """Takes the store to read from."""
        self._store = store
        self._folder = tempfile.TemporaryDirectory(prefix="espalier-", ignore_cleanup_errors=True)

    def fetch(self, ref: ArtifactRef) -> Path:
        """The path of a copy. The digest and the size of the object are checked."""
        file = Path(self._folder.name) / ref.sha256
        if not file.exists():
            unfinished = file.with_suffix(".part")
            with unfinished.open("wb") as stream:
                _copy(self._store, ref, stream.write)
            unfinished.rename(file)
        return file

    def data(self, ref: ArtifactRef) -> bytes:
        """The content of a small object, checked."""
        parts: list[bytes] = []
        _copy(self._store, ref, parts.append)
        return b"".join(parts)

    def forget(self, ref: ArtifactRef) -> None:
        """Removes the copy of an object."""
        (Path(self._folder.name) / ref.sha256).unlink(missing_ok=True)

    def close(self) -> None:
        """Removes all copies."""
        self._folder.cleanup()


def _copy(store: ObjectStore, ref: ArtifactRef, write: Callable[[bytes], Any]) -> None:
    digest = Digest(store.blocks(ref.key(store.bucket)))
    for block in digest:
        write(bytes(block))
    found = digest.reference(store.bucket, "")
    if (found.sha256, found.size_bytes) != (ref.sha256, ref.size_bytes):
        raise CorruptArtifactError(
            f"{ref.uri} has {found.size_bytes} bytes and the digest {found.sha256}, "
            f"but {ref.size_bytes} bytes and {ref.sha256} were announced"
        )


class FolderStore:
    """A store in a folder, laid out as in the bucket."""

    def __init__(self, folder: Path, bucket: str = "espalier") -> None:
        """Takes the folder, which is made if necessary."""
        self.folder = folder
        self.bucket = bucket
        folder.mkdir(parents=True, exist_ok=True)

    def path(self, key: str) -> Path:
        """The file of an object."""
        return self.folder / key

    def read(self, key: str) -> bytes | None:
        """The content of an object, None if it does not exist."""
        try:
            return self.path(key).read_bytes()
        except FileNotFoundError:
            return None

    def head(self, key: str, size: int) -> bytes | None:
        """The first bytes of an object, None if it does not exist."""
        try:
            with self.path(key).open("rb") as stream:
                return stream.read(size)
        except FileNotFoundError:
            return None

    def blocks(self, key: str) -> Iterator[bytes]:
        """The content of an object, block by block."""
        try:
            with self.path(key).open("rb") as stream:
                while block := stream.read(_BLOCK):
                    yield block
        except FileNotFoundError as e:
            raise CorruptArtifactError(f"{self.path(key)} does not exist, but an event refers to it") from e

    def size(self, key: str) -> int | None:
        """The size of an object, None if it does not exist."""
        try:
            return self.path(key).stat().st_size
        except FileNotFoundError:
            return None

    def create(self, key: str, size: int, chunks: Iterable[Chunk]) -> bool:  # noqa: ARG002
        """Creates an object; a link makes it visible as a whole, and only if there is none."""
        target = self.path(key)
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".part-", dir=target.parent)
        try:
            with os.fdopen(handle, "wb") as stream:
                for chunk in chunks:
                    stream.write(chunk)
            os.link(name, target)
        except FileExistsError:
            return False
        finally:
            with contextlib.suppress(FileNotFoundError):
                Path(name).unlink()
        return True

    def keys(self, prefix: str) -> list[str]:
        """The keys that begin with the prefix, in ascending order."""
        folder = self.path(prefix)
        return sorted(
            file.relative_to(self.folder).as_posix()
            for file in (folder.rglob("*") if folder.is_dir() else ())
            if file.is_file() and not file.name.startswith(".part-")
        )

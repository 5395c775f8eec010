# SPDX-License-Identifier: Apache-2.0
"""The object store on S3, with boto3."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    NoCredentialsError,
    PartialCredentialsError,
)

from espalier.errors import ConfigurationError, EspalierError, StoreUnavailableError
from espalier.settings import Settings
from espalier.store import Chunk

T = TypeVar("T")
_BLOCK = 1 << 20
_MIB = 1 << 20
_SINGLE_PUT = 64 * _MIB
_MAX_PARTS = 10_000
_UPLOADS = 2
_EXISTS = (409, 412)


class S3Store:
    """A bucket of an S3 server."""

    def __init__(self, settings: Settings, part_size: int = 8 * _MIB) -> None:
        """Takes the address and the keys; nothing is sent yet."""
        self.bucket = settings.bucket
        self._endpoint = settings.store_endpoint or "Amazon S3"
        self._part_size = part_size
        self._s3 = boto3.session.Session().client(
            "s3",
            endpoint_url=settings.store_endpoint,
            aws_access_key_id=settings.access_key,
            aws_secret_access_key=settings.secret_key,
            region_name=settings.region,
            config=Config(
                s3={"addressing_style": "path"} if settings.store_endpoint else {},
                retries={"mode": "standard", "max_attempts": 3},
                connect_timeout=5,
                read_timeout=60,
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )

    def read(self, key: str) -> bytes | None:
        """The content of a small object, None if it does not exist."""
        answer = self._find(lambda: self._s3.get_object(Bucket=self.bucket, Key=key))
        return None if answer is None else self._guarded(answer["Body"].read)

    def head(self, key: str, size: int) -> bytes | None:
        """The first bytes of an object, None if it does not exist."""
        byte_range = f"bytes=0-{size - 1}"
        answer = self._find(lambda: self._s3.get_object(Bucket=self.bucket, Key=key, Range=byte_range))
        return None if answer is None else self._guarded(answer["Body"].read)

    def blocks(self, key: str) -> Iterator[bytes]:
        """The content of an object, block by block."""
        body = self._guarded(lambda: self._s3.get_object(Bucket=self.bucket, Key=key))["Body"]
        while block := self._guarded(lambda: body.read(_BLOCK)):
            yield block

    def size(self, key: str) -> int | None:
        """The size of an object, None if it does not exist."""
        answer = self._find(lambda: self._s3.head_object(Bucket=self.bucket, Key=key))
        return None if answer is None else int(answer["ContentLength"])

    def keys(self, prefix: str) -> list[str]:
        """The keys that begin with the prefix, in ascending order."""
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix)
        return self._guarded(lambda: sorted(o["Key"] for page in pages for o in page.get("Contents", [])))

    def create(self, key: str, size: int, chunks: Iterable[Chunk]) -> bool:
        """Creates an object if there is none: the condition is checked when the upload is completed."""
        if size <= _SINGLE_PUT:
            body = b"".join(chunks)
            return self._created(
                lambda: self._s3.put_object(Bucket=self.bucket, Key=key, Body=body, IfNoneMatch="*"), key
            )
        return self.create_in_parts(key, size, chunks)

    def create_in_parts(self, key: str, size: int, chunks: Iterable[Chunk]) -> bool:
        """Creates a large object if there is none."""
        part_size = max(self._part_size, -(-size // _MAX_PARTS))
        upload = self._guarded(lambda: self._s3.create_multipart_upload(Bucket=self.bucket, Key=key))["UploadId"]
        try:
            parts = self._upload_parts(key, upload, _parts(chunks, part_size))
            created = self._created(
                lambda: self._s3.complete_multipart_upload(
                    Bucket=self.bucket,
                    Key=key,
                    UploadId=upload,
                    MultipartUpload={"Parts": parts},
                    IfNoneMatch="*",
                ),
                key,
            )
        except BaseException:
            self._abort(key, upload)
            raise
        if not created:
            self._abort(key, upload)
        return created

    def _upload_parts(self, key: str, upload: str, parts: Iterable[bytes]) -> list[dict[str, Any]]:
        """Sends a few parts at once, so that memory holds a few parts only."""
        sent: list[Future[dict[str, Any]]] = []
        free = threading.Semaphore(_UPLOADS)

        def send(number: int, body: bytes) -> dict[str, Any]:
            try:
                answer = self._guarded(
                    lambda: self._s3.upload_part(
                        Bucket=self.bucket, Key=key, UploadId=upload, PartNumber=number, Body=body
                    )
                )
                return {"ETag": answer["ETag"], "PartNumber": number}
            finally:
                free.release()

        with ThreadPoolExecutor(_UPLOADS, thread_name_prefix="espalier-upload") as pool:
            for number, body in enumerate(parts, 1):
                free.acquire()
                sent.append(pool.submit(send, number, body))
        return [part.result() for part in sent]

    def delete(self, key: str) -> None:
        """Removes an object. The client removes nothing of a run; the check removes its own objects."""
        self._guarded(lambda: self._s3.delete_object(Bucket=self.bucket, Key=key))

    def date(self) -> str:
        """The time of the server, as HTTP writes it."""
        answer = self._guarded(lambda: self._s3.list_objects_v2(Bucket=self.bucket, MaxKeys=1))
        return str(answer["ResponseMetadata"]["HTTPHeaders"]["date"])

    def _abort(self, key: str, upload: str) -> None:
        try:
            self._s3.abort_multipart_upload(Bucket=self.bucket, Key=key, UploadId=upload)
        except (BotoCoreError, ClientError):
            # The parts stay until the bucket's own rule for unfinished uploads removes them.
            return

    def _created(self, request: Callable[[], Any], key: str) -> bool:
        try:
            request()
        except ClientError as e:
            if _status(e) == 409 and self.size(key) is None:
                raise StoreUnavailableError(f"another upload of {key} is under way") from e
            if _status(e) in _EXISTS:
                return False
            raise self._translated(e) from e
        except BotoCoreError as e:
            raise self._translated(e) from e
        return True

    def _find(self, request: Callable[[], Any]) -> Any:
        try:
            return request()
        except ClientError as e:
            if _status(e) == 404 and e.response.get("Error", {}).get("Code") != "NoSuchBucket":
                return None
            raise self._translated(e) from e
        except BotoCoreError as e:
            raise self._translated(e) from e

    def _guarded(self, request: Callable[[], T]) -> T:
        try:
            return request()
        except (BotoCoreError, ClientError, OSError) as e:
            raise self._translated(e) from e

    def _translated(self, error: Exception) -> EspalierError:
        if isinstance(error, NoCredentialsError | PartialCredentialsError):
            return ConfigurationError(
                f"there are no keys for the object store at {self._endpoint}",
                'Try: eval "$(espalier env)", or set ESPALIER_STORE_ACCESS_KEY and ESPALIER_STORE_SECRET_KEY',
            )
        if isinstance(error, ClientError):
            code = error.response.get("Error", {}).get("Code", "")
            if code == "NoSuchBucket":
                return ConfigurationError(
                    f"the object store at {self._endpoint} has no bucket {self.bucket!r}",
                    "Try: set ESPALIER_STORE_BUCKET to the bucket of the loop",
                )
            if _status(error) in (401, 403):
                return ConfigurationError(
                    f"the object store at {self._endpoint} refuses the keys ({code or _status(error)})",
                    'Try: eval "$(espalier env)", or check ESPALIER_STORE_ACCESS_KEY and ESPALIER_STORE_SECRET_KEY',
                )
            if _status(error) < 500 and _status(error) not in (404, 408, 409, 429):
                return ConfigurationError(f"the object store at {self._endpoint} refuses a request: {error}")
        return StoreUnavailableError(
            f"the object store at {self._endpoint} does not answer: {error}",
            "Try: ./espalier up, or set ESPALIER_STORE_ENDPOINT",
        )


def _status(error: ClientError) -> int:
    return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))


def _parts(chunks: Iterable[Chunk], size: int) -> Iterator[bytes]:
    """Cuts a stream into parts of one size; the last part may be smaller."""
    pieces: list[memoryview] = []
    held = 0
    for chunk in chunks:
        view = memoryview(chunk)
        while view:
            piece = view[: size - held]
            pieces.append(piece)
            held += len(piece)
            view = view[len(piece) :]
            if held == size:
                part = b"".join(pieces)
                pieces.clear()
                held = 0
                yield part
    if pieces:
        yield b"".join(pieces)

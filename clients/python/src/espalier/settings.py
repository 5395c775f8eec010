# SPDX-License-Identifier: Apache-2.0
"""Where the broker and the object store are.

The environment decides. Where it names no keys, the ``stack.json`` of ``espalier up`` is used, which is searched for
in ``$ESPALIER_STACK`` and in ``.espalier/up`` of the current folder and of its parents. ``espalier env`` prints the
variables.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from espalier.errors import ConfigurationError

_OWN_KAFKA = {"KAFKA_BOOTSTRAP_SERVERS"}
_JAVA_ONLY = ("KAFKA_HOME", "KAFKA_OPTS", "KAFKA_HEAP_OPTS", "KAFKA_LOG4J_OPTS", "KAFKA_JVM_PERFORMANCE_OPTS")


@dataclass(frozen=True)
class Settings:
    """The addresses and keys of one loop. ``store_endpoint`` None means Amazon S3 itself."""

    bootstrap_servers: str = "127.0.0.1:19092"
    store_endpoint: str | None = "http://127.0.0.1:19000"
    access_key: str | None = None
    secret_key: str | None = field(default=None, repr=False)
    bucket: str = "espalier"
    region: str = "us-east-1"
    kafka: Mapping[str, str] = field(default_factory=dict, repr=False)

    @staticmethod
    def from_environment(environ: Mapping[str, str] = os.environ, folder: Path | None = None) -> Settings:
        """Reads the environment, then the ``stack.json`` of a running stack, then the defaults."""
        stack = {} if "ESPALIER_STORE_ACCESS_KEY" in environ else _stack(environ, folder or Path.cwd())

        def value(variable: str, name: str, default: str) -> str:
            return environ.get(variable) or stack.get(name) or default

        return Settings(
            bootstrap_servers=value("KAFKA_BOOTSTRAP_SERVERS", "bootstrapServers", "127.0.0.1:19092"),
            store_endpoint=None
            if environ.get("ESPALIER_STORE_ENDPOINT") == ""
            else value("ESPALIER_STORE_ENDPOINT", "storeEndpoint", "http://127.0.0.1:19000"),
            access_key=environ.get("ESPALIER_STORE_ACCESS_KEY") or stack.get("accessKey"),
            secret_key=environ.get("ESPALIER_STORE_SECRET_KEY") or stack.get("secretKey"),
            bucket=value("ESPALIER_STORE_BUCKET", "bucket", "espalier"),
            region=environ.get("ESPALIER_STORE_REGION") or "us-east-1",
            kafka=_kafka(environ),
        )


def _kafka(environ: Mapping[str, str]) -> dict[str, str]:
    """``KAFKA_SECURITY_PROTOCOL=SASL_SSL`` becomes ``security.protocol``, as for the services."""
    return {
        name[len("KAFKA_") :].lower().replace("_", "."): text
        for name, text in environ.items()
        if name.startswith("KAFKA_") and name not in _OWN_KAFKA and name not in _JAVA_ONLY
    }


def _stack(environ: Mapping[str, str], folder: Path) -> dict[str, str]:
    for file in _stack_files(environ, folder):
        if file.is_file():
            try:
                return {name: text for name, text in json.loads(file.read_bytes()).items() if isinstance(text, str)}
            except (OSError, ValueError) as e:
                raise ConfigurationError(
                    f"{file} cannot be read: {e}", "Try: start the stack again with ./espalier up"
                ) from e
    return {}


def _stack_files(environ: Mapping[str, str], folder: Path) -> Iterator[Path]:
    named = environ.get("ESPALIER_STACK")
    if named:
        yield Path(named) / "stack.json"
        return
    for parent in (folder, *folder.parents):
        yield parent / ".espalier" / "up" / "stack.json"

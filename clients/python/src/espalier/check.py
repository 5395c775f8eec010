# SPDX-License-Identifier: Apache-2.0
"""``python -m espalier check``: says which of the usual things is wrong."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from importlib import metadata

from espalier import keys
from espalier.broker import probe
from espalier.errors import ConfigurationError, EspalierError
from espalier.s3 import S3Store
from espalier.settings import Settings

DISTRIBUTION = "espalier-pruning"
_TIMEOUT = 10.0
_CLOCK_SECONDS = 300.0


def package() -> str:
    """The distribution that the import ``espalier`` belongs to."""
    others = sorted(set(metadata.packages_distributions().get("espalier", [])) - {DISTRIBUTION})
    if others:
        raise ConfigurationError(
            f"the package 'espalier' belongs to {', '.join(others)}, another project, and to {DISTRIBUTION}",
            f"Try: pip uninstall {' '.join(others)}, then pip install --force-reinstall {DISTRIBUTION}",
        )
    return f"{DISTRIBUTION} {metadata.version(DISTRIBUTION)}"


def broker(settings: Settings) -> str:
    """Whether a broker answers."""
    return f"{settings.bootstrap_servers} answers, {len(probe(settings, _TIMEOUT))} topics"


def topics(settings: Settings) -> str:
    """Whether the broker has the topics of the loop."""
    found = probe(settings, _TIMEOUT)
    missing = [topic for topic in keys.TOPICS if topic not in found]
    if missing:
        raise ConfigurationError(
            f"the broker at {settings.bootstrap_servers} has no topic {', '.join(missing)}",
            "Try: check that KAFKA_BOOTSTRAP_SERVERS names the loop's broker, and start the services",
        )
    return f"all {len(keys.TOPICS)} topics are there"


def partitions(settings: Settings) -> str:
    """Whether all topics have the same number of partitions, so that the events of a run meet."""
    found = probe(settings, _TIMEOUT)
    counts = {topic: found[topic] for topic in keys.TOPICS if topic in found}
    if len(set(counts.values())) > 1:
        told = ", ".join(f"{topic} {count}" for topic, count in counts.items())
        raise ConfigurationError(
            f"the topics have different numbers of partitions: {told}",
            "Try: give all topics of the loop the same number of partitions",
        )
    return f"{next(iter(counts.values()), 0)} in each topic"


def store(settings: Settings) -> str:
    """Whether the store takes the keys and has the bucket."""
    S3Store(settings).keys("runs/espalier-check/")
    return f"{settings.store_endpoint or 'Amazon S3'} takes the keys, bucket {settings.bucket}"


def conditional_create(settings: Settings) -> str:
    """Whether the store refuses to replace an object, with one request and with several parts."""
    objects = S3Store(settings)
    for what, parts in (("a single upload", False), ("an upload in parts", True)):
        key = f"probes/{uuid.uuid4().hex}"
        create: Callable[[bytes], bool] = (
            (lambda data, key=key: objects.create_in_parts(key, len(data), [data]))  # type: ignore[misc]
            if parts
            else (lambda data, key=key: objects.create(key, len(data), [data]))  # type: ignore[misc]
        )
        try:
            if not create(b"first") or create(b"second") or objects.read(key) != b"first":
                raise ConfigurationError(
                    f"the object store replaces an object although {what} says If-None-Match: *",
                    "Try: a newer version of the object store; Espalier relies on conditional writes",
                )
        finally:
            objects.delete(key)
    return "objects are created once, also in parts"


def clock(settings: Settings) -> str:
    """Whether this machine and the store have the same time: signatures depend on it."""
    now = datetime.now(timezone.utc)
    there = parsedate_to_datetime(S3Store(settings).date())
    apart = abs((there - now).total_seconds())
    if apart > _CLOCK_SECONDS:
        raise ConfigurationError(
            f"the clock of this machine and that of the store are {apart:.0f} s apart",
            "Try: set the clock, for example with systemctl restart systemd-timesyncd",
        )
    return f"{apart:.0f} s from that of the store"


def results(settings: Settings) -> Iterator[tuple[str, str, EspalierError | None]]:
    """The name of each check, what it found, and its error."""
    checks: dict[str, Callable[[], str]] = {
        "package": package,
        "broker": lambda: broker(settings),
        "topics": lambda: topics(settings),
        "partitions": lambda: partitions(settings),
        "store": lambda: store(settings),
        "conditional create": lambda: conditional_create(settings),
        "clock": lambda: clock(settings),
    }
    unreachable: set[str] = set()
    needs = {"topics": "broker", "partitions": "broker", "conditional create": "store", "clock": "store"}
    for name, check in checks.items():
        if needs.get(name) in unreachable:
            continue
        try:
            yield name, check(), None
        except EspalierError as e:
            unreachable.add(name)
            yield name, e.message, e


def main() -> int:
    """Prints one line for each check; the exit code is 1 if one of them failed."""
    failed = False
    for name, found, error in results(Settings.from_environment()):
        print(f"{'ok  ' if error is None else 'FAIL'}  {name:<18}  {found}")
        if error is not None:
            failed = True
            if error.advice:
                print(f"      {'':<18}  {error.advice}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

# SPDX-License-Identifier: Apache-2.0
"""Reading and writing events on Kafka."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from typing import Any

import confluent_kafka as ck

from espalier import keys
from espalier.errors import BrokerUnavailableError, ConfigurationError, SchemaTooNewError
from espalier.events import Json, timestamp
from espalier.settings import Settings

LOGGER = logging.getLogger("espalier")
SOURCE = "/espalier-pruning"
_RETRIABLE_WAIT = 10.0
_REPORTS = 1_000


def kafka_config(settings: Settings) -> dict[str, Any]:
    """What every client of the loop has in common."""
    return {
        "bootstrap.servers": settings.bootstrap_servers,
        "client.id": "espalier-pruning",
        "broker.address.family": "any",
        "log_level": 2,
        **settings.kafka,
    }


def headers(run_id: str, kind: str, event_id: str, iteration: int | None) -> dict[str, bytes]:
    """The attributes of a CloudEvent as headers of a record."""
    subject = f"runs/{run_id}" if iteration is None else f"runs/{run_id}/iterations/{iteration}"
    attributes = {
        "ce_specversion": "1.0",
        "ce_id": event_id,
        "ce_source": SOURCE,
        "ce_type": f"dev.espalier.{kind}",
        "content-type": "application/json",
        "ce_time": timestamp(datetime.now(timezone.utc)),
        "ce_subject": subject,
        "ce_dataschema": f"https://espalier.dev/schemas/{kind}.schema.json",
        "ce_partitionkey": run_id,
        "ce_correlationid": run_id,
    }
    if iteration is not None:
        attributes["ce_sequence"] = f"{iteration:06}"
    return {name: text.encode() for name, text in attributes.items()}


class EventWriter:
    """Writes events that must arrive, and events that may be lost."""

    def __init__(self, settings: Settings, run_id: str) -> None:
        """Starts the clients; they connect in threads of their own."""
        self._run_id = run_id
        self._config = kafka_config(settings) | {
            "acks": "all",
            "enable.idempotence": True,
            "partitioner": "murmur2_random",
        }
        self._events = ck.Producer(self._config)
        self._reports = ck.Producer(
            self._config | {"queue.buffering.max.messages": _REPORTS, "message.timeout.ms": 30_000}
        )
        self.dropped_reports = 0

    def send(self, topic: str, kind: str, event_id: str, iteration: int | None, data: Json, timeout: float) -> None:
        """Writes an event and returns when the broker has it."""
        failure: list[Any] = []
        acknowledged = threading.Event()

        def delivered(error: Any, _record: Any) -> None:
            failure.append(error)
            acknowledged.set()

        self._produce(self._events, topic, kind, event_id, iteration, data, delivered)
        end = time.monotonic() + timeout
        while not acknowledged.is_set() and time.monotonic() < end:
            self._events.poll(min(0.2, max(0.0, end - time.monotonic())))
        if not acknowledged.is_set():
            self._renew()
            raise BrokerUnavailableError(
                f"the broker at {self._config['bootstrap.servers']} did not acknowledge {event_id} in {timeout:g} s",
                "Try: check the broker and KAFKA_BOOTSTRAP_SERVERS",
            )
        if failure[0] is not None:
            self._renew()
            raise _translated(failure[0], topic, str(self._config["bootstrap.servers"]))

    def report(self, topic: str, kind: str, event_id: str, iteration: int | None, data: Json) -> None:
        """Queues an event for a thread and returns at once. A full queue drops it; training never waits."""
        try:
            self._produce(self._reports, topic, kind, event_id, iteration, data, None)
            self._reports.poll(0)
        except (BufferError, ck.KafkaException) as e:
            self.dropped_reports += 1
            if self.dropped_reports == 1:
                LOGGER.warning("a report was dropped, the broker does not take it: run=%s error=%s", self._run_id, e)

    def _produce(
        self,
        producer: Any,
        topic: str,
        kind: str,
        event_id: str,
        iteration: int | None,
        data: Json,
        delivered: Callable[[Any, Any], None] | None,
    ) -> None:
        producer.produce(
            topic,
            key=self._run_id.encode(),
            value=json.dumps(data, allow_nan=False).encode(),
            headers=headers(self._run_id, kind, event_id, iteration),
            on_delivery=delivered,
        )

    def _renew(self) -> None:
        """An idempotent producer that gave up on an event cannot be used again."""
        self._events.purge()
        self._events = ck.Producer(self._config)

    def close(self, timeout: float) -> None:
        """Waits for queued reports, but not longer than the timeout."""
        self._reports.flush(timeout)
        self._reports.purge()
        self._events.purge()


class RunReader:
    """Reads the newest record about one run from a topic, without a consumer group."""

    def __init__(self, settings: Settings, topic: str, run_id: str, from_beginning: bool, timeout: float) -> None:
        """Finds the partitions. Reads all of them from their beginning, or that of the run from its end."""
        self._topic = topic
        self._key = run_id.encode()
        self._servers = settings.bootstrap_servers
        self._consumer = ck.Consumer(
            kafka_config(settings)
            | {
                "group.id": f"espalier-{run_id}",
                "enable.auto.commit": False,
                "auto.offset.reset": "latest",
                "fetch.wait.max.ms": 100,
            }
        )
        try:
            count = self._partitions(timeout)
            chosen = range(count) if from_beginning else [keys.partition(run_id, count)]
            self._ends = {p: self._watermarks(p, timeout)[1] for p in chosen}
            starts = {p: self._watermarks(p, timeout)[0] if from_beginning else end for p, end in self._ends.items()}
            self._positions = dict(starts)
            self._consumer.assign([ck.TopicPartition(topic, p, start) for p, start in starts.items()])
        except ck.KafkaException as e:
            self._consumer.close()
            raise _translated(e.args[0], topic, self._servers) from e
        except BaseException:
            self._consumer.close()
            raise

    def _partitions(self, timeout: float) -> int:
        topic = self._consumer.list_topics(self._topic, timeout=timeout).topics[self._topic]
        if topic.error is not None or not topic.partitions:
            raise ConfigurationError(
                f"the broker at {self._servers} has no topic {self._topic}",
                "Try: check that KAFKA_BOOTSTRAP_SERVERS names the loop's broker",
            )
        return len(topic.partitions)

    def _watermarks(self, partition: int, timeout: float) -> tuple[int, int]:
        low, high = self._consumer.get_watermark_offsets(ck.TopicPartition(self._topic, partition), timeout=timeout)
        return low, high

    def caught_up(self) -> bool:
        """Whether everything that was there at the start has been read."""
        for place in self._consumer.position([ck.TopicPartition(self._topic, p) for p in self._ends]):
            if place.offset >= 0:
                self._positions[place.partition] = place.offset
        return all(self._positions[p] >= end for p, end in self._ends.items())

    def poll(self, timeout: float) -> tuple[bool, Json | None]:
        """Reads one record: whether it is about the run, and its data; None for a deleted key."""
        record = self._consumer.poll(timeout)
        if record is None or record.error() or record.key() != self._key:
            return False, None
        value: Any = record.value()
        if value is None:
            return True, None
        attributes: dict[str, Any] = dict(record.headers() or [])
        kind = bytes(attributes.get("ce_type") or b"").decode(errors="replace")
        if kind.startswith("dev.espalier.") and not kind.endswith(".v1"):
            raise SchemaTooNewError(
                f"the event {kind} on {self._topic} is newer than this client",
                "Try: pip install --upgrade espalier-pruning",
            )
        try:
            data = json.loads(value)
        except ValueError:
            return False, None
        return (True, data) if isinstance(data, dict) else (False, None)

    def close(self) -> None:
        """Ends the consumer."""
        self._consumer.close()


def last_of(reader: RunReader, timeout: float) -> tuple[bool, Json | None]:
    """The last record about the run: whether there is one, and its data."""
    found: tuple[bool, Json | None] = (False, None)
    end = time.monotonic() + timeout
    while not reader.caught_up():
        if time.monotonic() > end:
            raise BrokerUnavailableError(f"the broker did not send all records within {timeout:g} s")
        about_run, data = reader.poll(0.1)
        if about_run:
            found = (True, data)
    return found


def _translated(error: Any, topic: str, servers: str) -> Exception:
    code = error.code()
    if code in (ck.KafkaError.UNKNOWN_TOPIC_OR_PART, ck.KafkaError._UNKNOWN_TOPIC):
        return ConfigurationError(
            f"the broker at {servers} has no topic {topic}",
            "Try: check that KAFKA_BOOTSTRAP_SERVERS names the loop's broker",
        )
    if code in (ck.KafkaError.MSG_SIZE_TOO_LARGE, ck.KafkaError.TOPIC_AUTHORIZATION_FAILED):
        return ConfigurationError(f"the broker at {servers} refuses an event on {topic}: {error.str()}")
    return BrokerUnavailableError(
        f"no Kafka broker answers at {servers}: {error.str()}",
        "Try: ./espalier up, or set KAFKA_BOOTSTRAP_SERVERS",
    )


def probe(settings: Settings, timeout: float) -> Mapping[str, int]:
    """The topics of the broker and the number of partitions of each."""
    client = ck.Consumer(kafka_config(settings) | {"group.id": "espalier-check"})
    try:
        found = client.list_topics(timeout=timeout).topics
        return {name: len(topic.partitions) for name, topic in found.items()}
    except ck.KafkaException as e:
        raise _translated(e.args[0], "", settings.bootstrap_servers) from e
    finally:
        client.close()

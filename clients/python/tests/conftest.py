# SPDX-License-Identifier: Apache-2.0
"""A real stack for the tests that need one."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from espalier.settings import Settings

ROOT = Path(__file__).resolve().parents[3]
_START = 180.0


def missing(what: str) -> NoReturn:
    """Skips a test; with REQUIRE_ALL=1 it fails instead."""
    if os.environ.get("REQUIRE_ALL") == "1":
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture(scope="session")
def espalier_command() -> Path:
    if not (ROOT / "cli/target/espalier-cli.jar").exists():
        missing("the command line is not built; run: make build")
    os.environ["ESPALIER_BUILD"] = "never"
    return ROOT / "espalier"


@pytest.fixture(scope="session")
def stack(espalier_command: Path) -> Iterator[Path]:
    """The data folder of a running stack: that of $ESPALIER_TEST_STACK, or a new one on free ports."""
    if "ESPALIER_TEST_STACK" in os.environ:
        yield Path(os.environ["ESPALIER_TEST_STACK"])
        return
    with tempfile.TemporaryDirectory(prefix="espalier-python-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        ports = [f"--{service}-port=0" for service in ("kafka", "store", "dashboard", "trainer", "pqi", "controller")]
        with (folder / "up.log").open("wb") as log:
            process = subprocess.Popen(
                [espalier_command, "up", *ports, "--data-dir", name], stdout=log, stderr=log, start_new_session=True
            )
        try:
            end = time.monotonic() + _START
            while not (folder / "stack.json").exists():
                if process.poll() is not None or time.monotonic() > end:
                    pytest.fail(f"the stack did not start: {(folder / 'up.log').read_text()}")
                time.sleep(0.2)
            yield folder
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)


@pytest.fixture
def settings(stack: Path) -> Settings:
    data = json.loads((stack / "stack.json").read_bytes())
    return Settings(
        data["bootstrapServers"], data["storeEndpoint"], data["accessKey"], data["secretKey"], data["bucket"]
    )


@pytest.fixture
def new_run_id() -> Callable[[], str]:
    return lambda: f"py-{uuid.uuid4().hex[:12]}"


@pytest.fixture
def run_id(new_run_id: Callable[[], str]) -> str:
    return new_run_id()


@pytest.fixture
def environment(settings: Settings) -> dict[str, str]:
    """The environment of a trainer in a process of its own."""
    return {
        **os.environ,
        "KAFKA_BOOTSTRAP_SERVERS": settings.bootstrap_servers,
        "ESPALIER_STORE_ENDPOINT": settings.store_endpoint or "",
        "ESPALIER_STORE_ACCESS_KEY": settings.access_key or "",
        "ESPALIER_STORE_SECRET_KEY": settings.secret_key or "",
        "ESPALIER_STORE_BUCKET": settings.bucket,
        "OMP_NUM_THREADS": "1",
        "GLOO_SOCKET_IFNAME": "lo",
    }

# SPDX-License-Identifier: Apache-2.0
"""The check of a user's environment, and the settings that it looks at."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib import metadata
from pathlib import Path

import pytest

from espalier import ConfigurationError, Settings, check
from espalier.__main__ import main


@pytest.mark.stack
def test_everything_is_right_with_a_running_stack(
    settings: Settings, stack: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for variable in ("KAFKA_BOOTSTRAP_SERVERS", "ESPALIER_STORE_ACCESS_KEY", "ESPALIER_STORE_ENDPOINT"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("ESPALIER_STACK", str(stack))
    assert main(["check"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("  ")[2].strip() for line in lines] == [
        "package",
        "broker",
        "topics",
        "partitions",
        "store",
        "conditional create",
        "clock",
    ]
    assert all(line.startswith("ok") for line in lines)


@pytest.mark.stack
def test_each_wrong_setting_is_named(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "_TIMEOUT", 2.0)

    def failures(**changes: str) -> dict[str, str]:
        return {
            name: f"{error.message} {error.advice}"
            for name, _, error in check.results(replace(settings, **changes))  # type: ignore[arg-type]
            if error is not None
        }

    assert failures() == {}
    assert "KAFKA_BOOTSTRAP_SERVERS" in failures(bootstrap_servers="127.0.0.1:1")["broker"]
    assert "refuses the keys" in failures(secret_key="wrong")["store"]
    assert "has no bucket 'elsewhere'" in failures(bucket="elsewhere")["store"]
    assert "ESPALIER_STORE_ENDPOINT" in failures(store_endpoint="http://127.0.0.1:1")["store"]


def test_the_other_package_of_this_name_is_detected(monkeypatch: pytest.MonkeyPatch) -> None:
    assert check.package().startswith("espalier-pruning ")
    monkeypatch.setattr(metadata, "packages_distributions", lambda: {"espalier": ["espalier", "espalier-pruning"]})
    with pytest.raises(ConfigurationError, match="pip uninstall espalier"):
        check.package()


def test_topics_and_partitions_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    from espalier import keys

    found = dict.fromkeys(keys.TOPICS, 4)
    monkeypatch.setattr(check, "probe", lambda _settings, _timeout: found)
    assert check.topics(Settings()) == "all 8 topics are there"
    assert check.partitions(Settings()) == "4 in each topic"
    found[keys.DECISIONS] = 8
    with pytest.raises(ConfigurationError, match=r"espalier\.decisions 8"):
        check.partitions(Settings())
    del found[keys.DECISIONS]
    with pytest.raises(ConfigurationError, match=r"no topic espalier\.decisions"):
        check.topics(Settings())


def test_an_unknown_command_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["chekc"]) == 2
    assert "usage: python -m espalier check" in capsys.readouterr().err


def test_settings_come_from_the_environment(tmp_path: Path) -> None:
    settings = Settings.from_environment(
        {
            "KAFKA_BOOTSTRAP_SERVERS": "broker:9093",
            "KAFKA_SECURITY_PROTOCOL": "SASL_SSL",
            "KAFKA_SASL_MECHANISM": "SCRAM-SHA-512",
            "KAFKA_HEAP_OPTS": "-Xmx1g",
            "ESPALIER_STORE_ENDPOINT": "",
            "ESPALIER_STORE_ACCESS_KEY": "a",
            "ESPALIER_STORE_SECRET_KEY": "s",
            "ESPALIER_STORE_BUCKET": "b",
        },
        tmp_path,
    )
    assert settings.bootstrap_servers == "broker:9093"
    assert settings.kafka == {"security.protocol": "SASL_SSL", "sasl.mechanism": "SCRAM-SHA-512"}
    assert (settings.store_endpoint, settings.access_key, settings.bucket) == (None, "a", "b")
    assert "'s'" not in repr(settings), "the secret stays out of logs"


def test_settings_come_from_the_stack_that_runs_here_or_above(tmp_path: Path) -> None:
    folder = tmp_path / ".espalier" / "up"
    folder.mkdir(parents=True)
    stack = {
        "bootstrapServers": "h:1",
        "storeEndpoint": "http://h:2",
        "accessKey": "k",
        "secretKey": "s",
        "bucket": "b",
    }
    (folder / "stack.json").write_text(json.dumps({**stack, "launcherPid": 1}))
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    assert Settings.from_environment({}, below) == Settings("h:1", "http://h:2", "k", "s", "b")
    assert Settings.from_environment({"ESPALIER_STACK": str(folder)}, Path("/")).access_key == "k"
    assert Settings.from_environment({}, Path("/nowhere")).access_key is None
    (folder / "stack.json").write_text("{")
    with pytest.raises(ConfigurationError, match=r"stack\.json cannot be read"):
        Settings.from_environment({}, below)

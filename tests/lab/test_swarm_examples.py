"""`docker stack` takes every example's stack without a word, and reads in it what stands there."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import Edgegen
from tests.golden.test_swarm_examples import ALWAYS, SWITCHED, swarm
from tests.lab.parsers import RefusedByStackError, stack_config

VARIABLES = {"RELEASE": "r-7", "DB_PASSWORD": "pass", "STATSD_PORT": "8126"}
_UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
_BYTES = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30}


@pytest.fixture(params=(*ALWAYS, *SWITCHED))
def project(request: pytest.FixtureRequest, edgegen: Edgegen, tmp_path: Path) -> Path:
    return swarm(edgegen, request.param, tmp_path)


def test_docker_reads_what_stands_there(project: Path) -> None:
    compare(stack_config(project / "stack.yml", VARIABLES), project)


def compare(found: dict[str, Any], project: Path) -> None:
    """Raise AssertionError where docker has not read what stands in the file."""
    written = merged(yaml.load((project / "stack.yml").read_text(), yaml.CBaseLoader))
    assert set(found) - {"version"} == set(written)
    for section in ("networks", "volumes", "secrets", "configs"):
        # Docker names what others made; the project's own may have no name.
        for key, item in written.get(section, {}).items():
            if item and item.get("external"):
                item.setdefault("name", key)
        assert alike(found.get(section, {}), project) == alike(written.get(section, {}), project), section
    assert found["services"].keys() == written["services"].keys()
    for name, service in written["services"].items():
        assert alike(found["services"][name], project) == alike(_with_files(service, project), project), name


def merged(value: Any) -> Any:
    """The file with its merge keys done, which a loader that leaves every value a text does not do."""
    if isinstance(value, dict):
        own = {key: merged(item) for key, item in value.items() if key != "<<"}
        return {**merged(value["<<"]), **own} if "<<" in value else own
    return [merged(item) for item in value] if isinstance(value, list) else value


def _with_files(service: dict[str, Any], project: Path) -> dict[str, Any]:
    """The service with the lines of its env files as variables: docker reads them on the way."""
    lines = [line for file in service.get("env_file", ()) for line in (project / file).read_text().splitlines()]
    read = dict(line.split("=", 1) for line in lines)
    own = service.get("environment") or {}
    return {**service, "environment": {**{key: value.replace("$", "$$") for key, value in read.items()}, **own}}


def alike(value: Any, project: Path, key: str = "") -> Any:
    """A value of either side in one spelling: without what docker only writes in another way."""
    if key == "networks":
        joined = value if isinstance(value, dict) else dict.fromkeys(value)
        return {name: alike(item or {}, project) if item != "null" else {} for name, item in joined.items()}
    if isinstance(value, dict):
        return {name: alike(item, project, name) for name, item in value.items() if item not in ({}, [], "", "null")}
    if isinstance(value, list):
        if key in ("cap_add", "cap_drop", "tmpfs", "env_file"):
            return dict.fromkeys(sorted(value), "null")
        if key in ("secrets", "configs"):
            value = [item if isinstance(item, dict) else {"source": item} for item in value]
        return [alike(item, project) for item in value]
    return _SPELLINGS.get(key, str)(_filled(str(value)).replace(f"{project}/", "./"))


def _filled(text: str) -> str:
    """The text after the variables of these examples have their values, and `$$` is a dollar."""
    named = re.sub(r"\$\{([A-Z_]+)(?::?[-?][^}]*)?\}", lambda found: VARIABLES[found[1]], text.replace("$$", "\0"))
    return named.replace("\0", "$")


def _seconds(text: str) -> float:
    return sum(float(number) * _UNITS[unit] for number, unit in re.findall(r"([\d.]+)(ms|h|m|s)", text))


def _bytes(text: str) -> int:
    found = re.fullmatch(r"(\d+)([kmg]?)b?", text.lower())
    assert found, text
    return int(found[1]) * _BYTES[found[2]]


_SPELLINGS: dict[str, Callable[[str], Any]] = {
    "cpus": float,
    "memory": _bytes,
    "published": int,
    **dict.fromkeys(
        ("interval", "timeout", "start_period", "delay", "monitor", "stop_grace_period", "window"), _seconds
    ),
}


def test_a_change_would_be_seen(edgegen: Edgegen, tmp_path: Path) -> None:
    """The planted fault: another limit, a lone dollar, a name at the top."""
    project = swarm(edgegen, "16-swarm", tmp_path)
    text = (project / "stack.yml").read_text()
    found = stack_config(project / "stack.yml", VARIABLES)
    (project / "stack.yml").write_text(text.replace('"512m"', '"513m"'))
    with pytest.raises(AssertionError, match="web"):
        compare(found, project)
    for fault in ("name: shop\n" + text, text.replace('"$$0.00"', '"a$"')):
        (project / "stack.yml").write_text(fault)
        with pytest.raises(RefusedByStackError):
            stack_config(project / "stack.yml", VARIABLES)

"""Bad input with target swarm, from the command line: exit 2 with the place, or taken as it is meant."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from edgegen.cli.app import run
from edgegen.core.errors import SpecError
from edgegen.files.values import Values
from tests.fakes.swarm_taking import SwarmTaking
from tests.lab.parsers import COMPOSE, stack_config

WEB = '  web: {image: "w:1", %s}\n'
REFUSED = {
    "configs: {c: {file: ./c.conf, content: text}}\n": "edge.yaml:3:14 configs.c: a config has exactly one of",
    "secrets: {s: {generate: 32}}\nservices:\n" + WEB % "secrets: [{source: s, mode: 444}]":
        "edge.yaml:5:51 services.web.secrets[0].mode: expected text, but YAML reads this as a number",
    "secrets: {s: {generate: 32}}\nservices:\n" + WEB % 'secrets: [{source: s, mode: "999"}]':
        "edge.yaml:5:51 services.web.secrets[0].mode: `999` can't be used here",
    "services:\n" + WEB % "drain: 5m1s": "edge.yaml:4:30 services.web.drain: `5m1s` can't be a drain",
    "services:\n" + WEB % "volumes: [data:/d], deploy: {replicas: 3}" + "volumes: {data: {}}\n":
        "edge.yaml:4:62 services.web.deploy.replicas: `data` is a volume of one node",
    "services:\n" + WEB % 'ports: [{target: 80, published: 80, host_ip: 192.0.2.1}]':
        "edge.yaml:4:68 services.web.ports[0].host_ip: a swarm publishes on every address of the node",
    "services:\n" + WEB % 'ports: ["127.0.0.1:80:80"]':
        "edge.yaml:4:31 services.web.ports[0]: a swarm publishes on every address of the node",
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "c.conf").write_text("c")
    return tmp_path


def spec(folder: Path, text: str, name: str = "a") -> None:
    (folder / "edge.yaml").write_text(f"name: {name}\ntarget: swarm\n{text}")


@pytest.mark.parametrize("text", REFUSED)
def test_it_is_refused_at_its_place(text: str, folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    spec(folder, text)
    assert run(["render"]) == 2
    assert REFUSED[text] in capfd.readouterr().err
    assert not (folder / "stack.yml").exists()


@pytest.mark.slow  # Debian's docker
@pytest.mark.parametrize("mode", ["0o444", '"0444"', '"444"'])
def test_a_mode_in_octal_is_a_number_to_docker(mode: str, folder: Path) -> None:
    spec(folder, "secrets: {s: {generate: 32}}\nservices:\n" + WEB % f"secrets: [{{source: s, mode: {mode}}}]")
    assert run(["render"]) == 0
    with SwarmTaking() as swarm:
        swarm.deploy(folder / "stack.yml", "a")
    (use,) = swarm.taken["services"]["a_web"]["TaskTemplate"]["ContainerSpec"]["Secrets"]
    assert use["File"]["Mode"] == 0o444


def test_two_services_may_mount_a_secret_with_two_modes(folder: Path) -> None:
    two = WEB % 'secrets: [{source: s, mode: "0440"}]' + '  api: {image: "w:1", secrets: [{source: s, mode: "0400"}]}\n'
    spec(folder, f"secrets: {{s: {{generate: 32}}}}\nservices:\n{two}")
    assert run(["render"]) == 0
    services = yaml.safe_load((folder / "stack.yml").read_text())["services"]
    assert [services[name]["secrets"][0]["mode"] for name in ("web", "api")] == [0o440, 0o400]


@pytest.mark.lab
@pytest.mark.parametrize("name", ["a", "n" * 63])
def test_names_that_would_be_too_long_are_cut_and_stay_apart(name: str, folder: Path) -> None:
    """Swarm takes 64 characters for the name of a secret or a config."""
    keys = [f"{'long-' * 9}{end}" for end in ("one", "two")] + ["s" * 64, "short"]
    text = {
        "edge": "none",
        "secrets": {key: {"generate": 32} for key in keys},
        "configs": {key: {"content": "x"} for key in keys},
        "networks": {"n": {}},
        "services": {"w": {"image": "w:1", "secrets": keys, "configs": keys, "networks": ["n"]}},
    }
    spec(folder, yaml.safe_dump(text), name[:61])
    assert run(["render"]) == 0
    with SwarmTaking() as swarm:
        swarm.deploy(folder / "stack.yml", name[:61])
    for kind in ("secrets", "configs"):
        found = list(swarm.taken[kind])
        assert len(set(found)) == len(keys)
        assert all(re.fullmatch(r"[a-zA-Z0-9]([a-zA-Z0-9_.-]*[a-zA-Z0-9])?", one) and len(one) <= 64 for one in found)
        mounted = swarm.taken["services"][f"{name[:61]}_w"]["TaskTemplate"]["ContainerSpec"][kind.capitalize()]
        assert sorted(use["File"]["Name"] for use in mounted) == sorted(keys)


# `.env`: docker stack reads none, so edgegen gives it the values, and they must be those that Compose would read.

ODD_FILES = {
    "a BOM": "\ufeffA=one\nB=two\n".encode(),
    "CRLF": b"A=one\r\nB='two'\r\n",
    "a BOM and CRLF": "\ufeffexport A=one\r\nB=two\r\n".encode(),
    "export": b'export A=one\nexport B="two words" # and a comment\n',
    "quotes": b"A=\"one\\nline\"\nB='$A'\n",
    "one after the other": b"A=one\nB=${A}-${C:-none}\n",
}
STACK = "services:\n" + WEB % 'environment: {A: "${A}", B: "${B}"}'


def of_compose(folder: Path) -> Any:
    (folder / "docker-compose.yml").write_text('services: {web: {image: "w:1", environment: {A: "${A}", B: "${B}"}}}')
    argv = [str(COMPOSE), "-p", "a", "-f", "docker-compose.yml", "config", "--format", "json"]
    done = subprocess.run(
        argv, cwd=folder, capture_output=True, text=True, timeout=60, check=False, env={"PATH": os.environ["PATH"]}
    )
    (folder / "docker-compose.yml").unlink()
    return json.loads(done.stdout)["services"]["web"]["environment"] if done.returncode == 0 else done.stderr


@pytest.mark.lab
@pytest.mark.parametrize("odd", ODD_FILES)
def test_a_stack_gets_the_values_that_compose_would_read(odd: str, folder: Path) -> None:
    (folder / ".env").write_bytes(ODD_FILES[odd])
    spec(folder, STACK)
    assert run(["render"]) == 0
    values = Values(folder, {})
    found = stack_config(folder / "stack.yml", {name: values[name] for name in ("A", "B")})
    theirs = {key: value.replace("$$", "$") for key, value in of_compose(folder).items()}
    assert found["services"]["web"]["environment"] == theirs


@pytest.mark.lab
def test_a_quote_that_is_never_closed_is_refused_as_compose_refuses_it(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (folder / ".env").write_text('A=one\nB="two\n')
    spec(folder, STACK)
    assert "unterminated quoted value" in of_compose(folder)
    assert run(["render"]) == 2
    assert ".env:2:3: the quote that begins here is never closed" in capfd.readouterr().err
    with pytest.raises(SpecError):
        Values(folder, {})["A"]

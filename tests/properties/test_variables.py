"""Compose snippets with variables in every form: edgegen's file means to Compose what the snippet by itself means.

Where edgegen refuses a snippet, or says that a required variable is missing, Compose refuses it as well, or warns.
A sample of snippets is tried; 500 by `--proof`.
"""

from __future__ import annotations

import json
import random
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from edgegen.core.errors import EdgegenError
from edgegen.project.render import prepare, write
from edgegen.spec.load import load_text
from tests.lab.parsers import COMPOSE
from tests.properties.specs import as_text
from tests.sizes import seed, sized

pytestmark = pytest.mark.slow

Data = dict[str, Any]
SNIPPETS = sized(150, 500)
IN_A_FILE = 100

OF_THE_SYSTEM = {"WORD": "of the system", "EMPTY": "", "BOTH": "the system's", "COST": "5$each ${WORD}", "PORT": "8080"}
OF_THE_FILE = """\
BOTH="of the file"
FROM_FILE='literal $WORD'
LATE=${WORD}-late
export NUMBER=3   # a comment
NOTHING=
DIR=./data
SIZE=64m
TIME=1m30s
FLAG=true
"""
TEXTS = ("WORD", "EMPTY", "BOTH", "COST", "FROM_FILE", "LATE", "NUMBER", "NOTHING", "UNSET", "_UNSET2", "DIR")


@dataclass
class Snippet:
    """A service of a Compose file, and what became of it."""

    service: Data
    said: str = ""
    """What edgegen has against it."""
    missing: bool = False
    """Whether a required variable has no value."""


class Maker:
    def __init__(self, seed: int | None) -> None:
        self.random = random.Random(seed)

    def text(self, depth: int = 0) -> str:
        pick, parts = self.random.choice, []
        for _ in range(self.random.randint(1, 3)):
            kind = self.random.random()
            if kind < 0.3:
                parts.append(
                    pick(
                        (
                            "plain",
                            " ",
                            "a b",
                            "$1",
                            "$5.00",
                            "$$",
                            "$$NAME",
                            "$",
                            "'",
                            '"',
                            "{x}",
                            "é",
                            "\\",
                            "=",
                            "$-",
                            "%",
                        )
                    )
                )
            elif kind < 0.5:
                parts.append(f"${pick(TEXTS)}")
            elif kind < 0.7:
                parts.append(f"${{{pick(TEXTS)}}}")
            elif kind < 0.98 or depth:
                operator = pick((":-", "-", ":+", "+", ":-", "-", ":?", "?"))
                name = pick(TEXTS if self.random.random() < 0.3 else TEXTS[:4]) if "?" in operator else pick(TEXTS)
                parts.append(f"${{{name}{operator}{self.text(depth + 1) if depth < 2 else 'x'}}}")
            else:
                parts.append(pick(("${", "${1}", "${}", "${A", "${A.b}", "${A:x}")))
        return "".join(parts)

    def of(self, name: str, default: str) -> str:
        """A variable for a value of one kind, in one of its forms; without a value of its own it has the default."""
        forms = (
            "${@}", "$@", "${@:-%}", "${@-%}", "${UNSET:-%}", "${UNSET-${@}}", "${@:?give one}", "${NOTHING:-%}", "${@:+%}",
            "${UNSET:-${NOTHING:-${@?no}}}", "${@?}",
        )  # fmt: skip
        form = self.random.choice(
            forms if name != "UNSET" else [form for form in forms if "%" in form and "+" not in form]
        )
        return form.replace("@", name).replace("%", default)

    def service(self) -> Data:
        keys: dict[str, Callable[[], Any]] = {
            "environment": lambda: self.random.choice(
                ({f"V{n}": self.text() for n in range(3)}, [f"V{n}={self.text()}" for n in range(3)])
            ),
            "command": lambda: [self.text() for _ in range(3)],
            "entrypoint": lambda: ["run", self.text()],
            "labels": lambda: self.random.choice(
                ({f"l.{n}": self.text() for n in range(2)}, [f"l.{n}={self.text()}" for n in range(2)])
            ),
            "ports": lambda: [
                f"{self.of('PORT', '9000')}:80", f"127.0.0.1:{self.of('PORT', '9001')}:81/udp", self.of("PORT", "82"),
                f"{self.of('UNSET', '127.0.0.2')}:9002:83",
            ][self.random.randint(0, 3) :],
            "volumes": lambda: [
                f"{self.of('DIR', './other')}:/a", f"{self.of('DIR', './o')}/x:/b:ro", f"./c:/t{self.of('NUMBER', '4')}/c:ro",
                f"/d:/d:{self.of('UNSET', 'ro')}",
                {"type": "bind", "source": self.of("DIR", "./e"), "target": f"/e{self.of('NUMBER', '1')}"},
            ][self.random.randint(0, 4) :],
            "user": lambda: self.of("NUMBER", "1000"),
            "hostname": lambda: self.of("NUMBER", "h"),
            "working_dir": lambda: f"/{self.text()}",
            "extra_hosts": lambda: [f"db={self.of('UNSET', '192.0.2.1')}"],
            "env_file": lambda: f"{self.of('DIR', './x')}/an.env",
            "mem_limit": lambda: self.of("SIZE", "1g"),
            "shm_size": lambda: self.of("SIZE", "32m"),
            "stop_grace_period": lambda: self.of("TIME", "30s"),
            "read_only": lambda: self.of("FLAG", "false"),
            "init": lambda: self.of("FLAG", "yes"),
            "restart": lambda: self.of("UNSET", "always"),
            "healthcheck": lambda: {
                "test": ["CMD", "curl", self.text()], "interval": self.of("TIME", "5s"), "retries": self.of("NUMBER", "4"),
            },
            "deploy": lambda: {"replicas": self.of("NUMBER", "2"), "labels": {"d": self.text()}},
            "logging": lambda: {"driver": "json-file", "options": {"max-size": self.of("SIZE", "1m")}},
            "build": lambda: {"context": self.of("DIR", "."), "args": {"A": self.text()}},
            "ulimits": lambda: {"nofile": {"soft": self.of("NUMBER", "1"), "hard": 9}},
            "sysctls": lambda: {"net.core.somaxconn": self.of("NUMBER", "1024")},
            "tmpfs": lambda: [f"/run:size={self.of('SIZE', '1m')}"],
            "platform": lambda: f"linux/{self.of('UNSET', 'amd64')}",
            "extra": lambda: {"pids_limit": self.of("NUMBER", "100"), "mac_address": self.text(), "annotations": {"a": self.text()}},
        }  # fmt: skip
        chosen = self.random.sample(sorted(keys), self.random.randint(1, 4))
        image = f"{self.of('UNSET', 'nginx')}:{self.of('NUMBER', '1.27')}"
        return {"image": image, **{key: keys[key]() for key in chosen}}


def as_compose(service: Data) -> Data:
    """The snippet as a Compose file has it: what edgegen takes under `extra` stands beside the rest there."""
    return {**{key: value for key, value in service.items() if key != "extra"}, **service.get("extra", {})}


def config(folder: Path, file: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(COMPOSE), "-f", file, "config", "--format", "json"],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "HOME": str(folder), **OF_THE_SYSTEM},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def alone(snippets: list[Snippet], folder: Path) -> subprocess.CompletedProcess[str]:
    services = {f"s{number}": as_compose(snippet.service) for number, snippet in enumerate(snippets)}
    (folder / "alone.yml").write_text(json.dumps({"name": "p", "services": services}))
    return config(folder, "alone.yml")


def through_edgegen(snippets: list[Snippet], folder: Path) -> list[str]:
    """Write the project; the missing variables are returned."""
    services = {f"s{number}": snippet.service for number, snippet in enumerate(snippets)}
    # Without a Traefik: what is published may be any port.
    text = as_text({"name": "p", "edge": {"use": "other"}, "services": services})
    loaded = load_text(text.encode(), "edge.yaml")
    prepared = prepare(folder, None, environ=OF_THE_SYSTEM, loaded=loaded)
    write(folder, prepared, force=True)
    return [str(item) for item in prepared.warnings if "required variable" in str(item)]


def comparable(service: Data, keys: set[str]) -> Data:
    """What Compose read of these keys; how a bind mount was written (short or long) is no difference."""
    found = {key: value for key, value in service.items() if key in keys}
    for volume in found.get("volumes", ()):
        volume.pop("bind", None)
    return found


@pytest.fixture(scope="module")
def snippets() -> list[Snippet]:
    maker = Maker(seed(9))
    return [Snippet(maker.service()) for _ in range(SNIPPETS)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, snippets: list[Snippet]) -> Path:
    """The snippets one by one through edgegen: which it takes, and what it says of the others."""
    folder = tmp_path_factory.mktemp("variables")
    (folder / ".env").write_text(OF_THE_FILE)
    for name in ("data", "x"):
        (folder / name).mkdir()
        (folder / name / "an.env").write_text("FROM_A_FILE=$WORD\n")
    for snippet in snippets:
        try:
            snippet.missing = bool(through_edgegen([snippet], folder))
        except EdgegenError as error:
            snippet.said = str(error)
    return folder


def test_what_is_taken_means_the_same_to_compose(snippets: list[Snippet], folder: Path) -> None:
    taken = [snippet for snippet in snippets if not snippet.said and not snippet.missing]
    assert len(taken) > SNIPPETS // 2
    for start in range(0, len(taken), IN_A_FILE):
        batch = taken[start : start + IN_A_FILE]
        by_itself = alone(batch, folder)
        assert by_itself.returncode == 0, by_itself.stderr
        assert through_edgegen(batch, folder) == []
        rendered = config(folder, "docker-compose.yml")
        assert rendered.returncode == 0, rendered.stderr
        theirs, ours = (json.loads(done.stdout)["services"] for done in (by_itself, rendered))
        for number, snippet in enumerate(batch):
            keys = set(as_compose(snippet.service))
            wanted = comparable(theirs[f"s{number}"], keys)
            assert comparable(ours[f"s{number}"], keys) == wanted, json.dumps(snippet.service)


def test_what_is_refused_or_missing_is_refused_by_compose_or_warned_of(snippets: list[Snippet], folder: Path) -> None:
    others = [snippet for snippet in snippets if snippet.said or snippet.missing]
    assert others
    for snippet in others[:: max(1, len(others) // 60)]:
        done = alone([snippet], folder)
        assert done.returncode or done.stderr.strip(), (snippet.said, json.dumps(snippet.service))
        if snippet.missing and not snippet.said:
            assert "is missing a value" in done.stderr, json.dumps(snippet.service)


def test_every_refusal_has_its_line(snippets: list[Snippet], folder: Path) -> None:
    assert all(
        line.startswith("edge.yaml:") for snippet in snippets for line in snippet.said.splitlines() if snippet.said
    )


def test_the_file_holds_no_value(folder: Path) -> None:
    text = (folder / "docker-compose.yml").read_text()
    assert "of the system" not in text
    assert "of the file" not in text
    assert "literal" not in text


def test_a_planted_fault_is_found(snippets: list[Snippet], folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Values that are doubled, as literals are: no variable would reach Compose."""
    monkeypatch.setattr("edgegen.kinds.composed.written", lambda text: text.replace("$", "$$"))
    with pytest.raises(AssertionError):
        test_what_is_taken_means_the_same_to_compose(snippets, folder)

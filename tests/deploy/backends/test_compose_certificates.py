"""The first start with Compose after a swarm: certificates that Traefik would order again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from edgegen.deploy.backends.compose_certificates import left_on_a_swarm
from edgegen.deploy.command import Command, Result

HELD = json.dumps({"le": {"Certificates": [{"domain": {"main": "a.example.com"}, "certificate": "", "key": ""}]}})


class Engine:
    """Has the volumes of one stack."""

    def __init__(self, answer: str, code: int = 0) -> None:
        self.asked: list[str] = []
        self._result = Result(code, answer, "")

    def run(self, command: Command) -> Result:
        self.asked.append(" ".join(command.argv))
        return self._result

    def stream(self, command: Command, *, to_stderr: bool = False) -> Result:
        raise AssertionError(command)

    def stream_all(self, commands: object) -> list[Result]:
        raise AssertionError(commands)


def said(folder: Path, content: str | None, engine: Engine) -> list[str]:
    (folder / "acme").mkdir()
    if content is not None:
        (folder / "acme" / "acme.json").write_text(content)
    return list(left_on_a_swarm(engine, folder, "shop"))


@pytest.mark.parametrize("content", ["", "{}", '{"le": {"Account": {}, "Certificates": null}}'])
def test_a_volume_of_the_stack_and_nothing_here(tmp_path: Path, content: str) -> None:
    engine = Engine("shop_acme\nshop_data\n")
    (line,) = said(tmp_path, content, engine)
    assert "are in the volume `shop_acme`, and acme/acme.json has none: Traefik requests them again" in line
    assert "docker run --rm -v shop_acme:/acme:ro alpine cat /acme/acme.json > acme/acme.json" in line
    assert engine.asked == ["docker volume ls --filter label=com.docker.stack.namespace=shop --format {{.Name}}"]


@pytest.mark.parametrize(
    ("content", "asks"),
    [
        pytest.param(None, False, id="no acme.json"),
        pytest.param(HELD, False, id="it has some"),
        pytest.param("not JSON", False, id="it can't be read, which is said elsewhere"),
        pytest.param("", True, id="no such volume"),
    ],
)
def test_nothing_is_left(tmp_path: Path, content: str | None, asks: bool) -> None:
    engine = Engine("shop_data\nother_acme\n")
    assert (said(tmp_path, content, engine), bool(engine.asked)) == ([], asks)


def test_an_engine_that_does_not_say(tmp_path: Path) -> None:
    assert said(tmp_path, "", Engine("shop_acme\n", code=1)) == []

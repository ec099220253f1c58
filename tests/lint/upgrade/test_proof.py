"""After `--upgrade 3.7 --fix` the newest Traefik shows the routers that the old one showed, by the real binaries."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from edgegen.oracle.answer import Answer, errors_of
from edgegen.oracle.ask import ask
from edgegen.project import lint as reading
from edgegen.project.asking.question import question_of
from tests.conftest import Edgegen
from tests.lab.traefiks import traefik
from tests.lint.upgrade.stacks import THREE, TWO, Stack
from tests.sizes import some
from tests.traefik.process import BINARY

pytestmark = pytest.mark.slow  # real Traefiks, a second each

FIELDS = ("rule", "priority", "entryPoints", "middlewares", "service", "ruleSyntax", "tls", "status")


def written(stack: Stack, folder: Path) -> Path:
    for name, text in stack.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def asked(folder: Path, binary: Path) -> Answer:
    (project,) = reading.projects([], [], folder) if not (folder / "stack.yml").exists() else reading.projects(
        ["stack.yml"], [], folder)  # fmt: skip
    answer = ask(question_of(project, project.traefiks[0]), binary)
    assert answer.is_complete and answer.exit_code is None, answer.log_lines
    return answer


def routers(answer: Answer) -> dict[str, dict[str, Any]]:
    return {name: {**{key: item[key] for key in FIELDS if key in item}, "error": errors_of(item)}
            for name, item in answer.routers.items()}  # fmt: skip


def upgraded(edgegen: Edgegen, folder: Path) -> dict[str, Any]:
    names = ["stack.yml"] if (folder / "stack.yml").exists() else []
    done = edgegen("lint", "-C", folder, "--upgrade", "3.7", "--fix", "--fail-on", "never", "--json", *names)
    assert done.code == 0, done.err
    found: dict[str, Any] = json.loads(done.out)
    return found


@pytest.mark.parametrize("stack", some(THREE, 5), ids=lambda stack: f"{stack.version} {stack.name}")
def test_the_routers_of_the_old_traefik_are_there(stack: Stack, tmp_path: Path, edgegen: Edgegen) -> None:
    folder = written(stack, tmp_path)
    before = routers(asked(folder, traefik(stack.version)))
    result = upgraded(edgegen, folder)
    after = routers(asked(folder, BINARY))
    assert before
    assert {name: item for name, item in before.items() if name not in stack.told} == {
        name: item for name, item in after.items() if name not in stack.told
    }
    for name, rule in stack.told.items():
        assert before.get(name) != after.get(name)
        assert any(item["id"] == rule and name.partition("@")[0] in str(item) for item in result["findings"])
    assert tuple(sorted(item["id"] for item in result["findings"] if item["id"] != "EL000")) == stack.unfixed
    assert "3.7" in tag_of(folder)


@pytest.mark.parametrize("stack", some(TWO, 3), ids=lambda stack: f"{stack.version} {stack.name}")
def test_the_routers_of_version_2_are_there(stack: Stack, tmp_path: Path, edgegen: Edgegen) -> None:
    folder = written(stack, tmp_path)
    result = upgraded(edgegen, folder)
    assert [item for item in result["findings"] if item["id"] not in ("EL000", *stack.unfixed)] == []
    after = routers(asked(folder, BINARY))
    assert {name: picked(after.get(name, {}), item) for name, item in stack.routers.items()} == stack.routers
    assert after.keys() == stack.routers.keys()
    assert all(item["status"] == "enabled" and not item["error"] for item in after.values())


def test_without_the_priority_another_router_would_win(tmp_path: Path, edgegen: Edgegen) -> None:
    """The planted fault: the proof sees the order of routers."""
    folder = written(TWO[0], tmp_path)
    upgraded(edgegen, folder)
    file = folder / "docker-compose.yml"
    sound = routers(asked(folder, BINARY))
    file.write_text("".join(line for line in file.read_text().splitlines(True) if "web.priority" not in line))
    spoilt = routers(asked(folder, BINARY))
    assert sound["web@docker"]["priority"] < sound["api@docker"]["priority"] < spoilt["web@docker"]["priority"]


def picked(item: Mapping[str, Any], like: Mapping[str, Any]) -> dict[str, Any]:
    return {key: item.get(key) for key in like}


def tag_of(folder: Path) -> str:
    (project,) = reading.projects([], [], folder) if not (folder / "stack.yml").exists() else reading.projects(
        ["stack.yml"], [], folder)  # fmt: skip
    service = project.traefiks[0].service
    return service.image.text if service and service.image else ""

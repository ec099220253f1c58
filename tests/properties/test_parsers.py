"""What the real docker-compose reads in rendered files: every value as it went in."""

from __future__ import annotations

import shlex
import warnings
from pathlib import Path
from typing import Any

import pytest
import yaml

from edgegen.project.render import prepare, write
from edgegen.spec.load import load_text
from tests.lab.parsers import compose_config
from tests.properties import expectation, specs
from tests.properties.rendered import Rendered, project_folder

pytestmark = [pytest.mark.slow, pytest.mark.lab]

WHOLE_PROJECTS, SAMPLE = 100, 20
TOGETHER = 400
Data = dict[str, Any]


def test_written_projects_are_read_as_they_were_meant(pool: list[Rendered], tmp_path: Path, proof: bool) -> None:
    """The richer half of the pool, a hundred of them in the proof."""
    count = WHOLE_PROJECTS if proof else SAMPLE
    richest = sorted(pool, key=lambda item: -len(item.text))[:: max(1, len(pool) // count // 2)]
    for item in richest[:count]:
        project = project_folder(tmp_path / specs.token(item.number))
        loaded = load_text(item.text.encode(), "edge.yaml", item.environment)
        write(project, prepare(project, item.environment, environ=item.variables, loaded=loaded))
        _compare(item, compose_config(project / "docker-compose.yml")["services"], with_secrets=True)


def test_the_values_of_all_specs_are_read_as_they_were_meant(pool: list[Rendered], tmp_path: Path) -> None:
    """Many files as one: the services of all, with the keys that users control whole."""
    for start in range(0, len(pool), TOGETHER):
        batch = pool[start : start + TOGETHER]
        path = tmp_path / f"{start}.yml"
        path.write_text(specs.as_text({"name": "all", "services": _services(batch), "volumes": _volumes(batch)}))
        found = compose_config(path)["services"]
        for item in batch:
            _compare(item, found)


def _services(batch: list[Rendered]) -> Data:
    keys = ("environment", "labels", "command", "entrypoint", "healthcheck", "volumes")
    return {
        name: {
            "image": "x:1",
            **{key: item.compose["services"][name][key] for key in keys if key in item.compose["services"][name]},
        }
        for item in batch
        for name in expectation.containers(item.data)
    }


def _volumes(batch: list[Rendered]) -> Data:
    return {name: volume for item in batch for name, volume in item.compose.get("volumes", {}).items()}


def _compare(item: Rendered, services: Data, *, with_secrets: bool = False) -> None:
    for name, wanted in expectation.containers(item.data).items():
        if name not in services:
            assert item.data["services"][name].get("profiles"), f"{name} is not there"
            continue
        found = services[name]
        environment = _printed(found.get("environment"))
        if with_secrets:
            secret = item.data["services"][name].get("environment", {}).get("FROM_SECRET")
            assert (environment.pop("FROM_SECRET", None) is not None) == isinstance(secret, dict)
        assert environment == wanted["environment"]
        labels = _printed(found.get("labels"))
        assert {key: labels.get(key) for key in wanted["labels"]} == wanted["labels"]
        for key in ("command", "entrypoint"):
            if key in wanted:
                assert found[key] == _split(wanted[key])
        if "healthcheck" in wanted:
            assert found["healthcheck"]["test"] == _shell(wanted["healthcheck"]["test"])
        targets = [volume["target"] for volume in found.get("volumes") or []]
        assert targets == [volume["target"] for volume in wanted.get("volumes", [])]


def _printed(mapping: Data | None) -> Data:
    """A mapping as Compose prints it, with its keys: there too a `$` is printed as `$$`, and read as it stands."""
    return {key.replace("$$", "$"): value for key, value in (mapping or {}).items()}


def _split(value: Any) -> Any:
    """Compose splits a command that is text as a shell would, without expanding anything."""
    return shlex.split(value) if isinstance(value, str) else value


def _shell(value: Any) -> Any:
    return ["CMD-SHELL", value] if isinstance(value, str) else value


def test_no_python_warning_comes_from_reading_a_rendered_file(pool: list[Rendered]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for item in pool[:200]:
            yaml.load(item.files["docker-compose.yml"], yaml.CSafeLoader)

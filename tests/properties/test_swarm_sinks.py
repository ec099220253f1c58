"""Hostile strings through every place that takes one, to a swarm: what `docker stack deploy` sends is what went in.

Compose's own sinks again, through the interpolation of `docker stack` and then the templates of Swarm.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from edgegen.project.render import prepare, write
from edgegen.spec.load import load_text
from tests.fakes.swarm_taking import FailedDeployError, SwarmTaking
from tests.lab.oracle import ask_about
from tests.lab.stack_file import swarm_project
from tests.properties import expectation, hostile, specs
from tests.properties.swarm_expectation import expanded
from tests.properties.test_sinks import (
    IN_A_FILE,
    IN_A_SERVICE,
    SINKS,
    _paths,
    _routed,
    _service,
    _shell_quoted,
    _without_variables,
    chunks,
    strings,
)
from tests.sizes import sized

pytestmark = [pytest.mark.slow, pytest.mark.lab]

Data = dict[str, Any]
COUNT = sized(500, 10_000)
ROUTES = 1_000
SERVICES = 250
"""In a stack, and secrets of a service: the client creates one after the other, and asks for all in one line."""


def written(folder: Path, services: Data, environ: dict[str, str] | None = None, **more: Any) -> Path:
    """The stack of these services, on disk."""
    folder.mkdir(parents=True, exist_ok=True)
    text = specs.as_text({"name": "sinks", "target": "swarm", "services": services, **more})
    write(folder, prepare(folder, None, environ=environ or {}, loaded=load_text(text.encode(), "edge.yaml")))
    return folder / "stack.yml"


def taken(stack: Path) -> SwarmTaking:
    """What a swarm is given of a stack."""
    with SwarmTaking() as swarm:
        swarm.deploy(stack, "sinks")
    return swarm


def container(swarm: SwarmTaking, name: str) -> Data:
    """The part of a service that becomes a container."""
    found: Data = swarm.taken["services"][f"sinks_{name}"]["TaskTemplate"]["ContainerSpec"]
    return found


def environment(swarm: SwarmTaking, name: str) -> dict[str, str]:
    pairs = (expanded(item).partition("=") for item in container(swarm, name)["Env"])
    return {key: value for key, _, value in pairs}


def labels(swarm: SwarmTaking, name: str) -> dict[str, str]:
    found: dict[str, str] = swarm.taken["services"][f"sinks_{name}"]["Labels"]
    return found


VALUES: dict[str, Callable[[SwarmTaking, str], list[str]]] = {
    "environment": lambda swarm, name: _in_order(environment(swarm, name)),
    "label": lambda swarm, name: _in_order(_own_labels(swarm, name)),
    "command": lambda swarm, name: list(container(swarm, name)["Args"]),
    "entrypoint": lambda swarm, name: list(container(swarm, name)["Command"]),
    "healthcheck": lambda swarm, name: list(container(swarm, name)["Healthcheck"]["Test"][2:]),
}


def _in_order(found: dict[str, str]) -> list[str]:
    return [found[key] for key in sorted(found, key=lambda key: int(key.strip("Vl.")))]


def _own_labels(swarm: SwarmTaking, name: str) -> dict[str, str]:
    every = labels(swarm, name) | container(swarm, name)["Labels"]
    return {key: value for key, value in every.items() if key.startswith("l.")}


def through_a_swarm(sink: str, texts: list[str], folder: Path) -> list[str]:
    """The strings after edgegen and the real client."""
    result = []
    for number, part in enumerate(chunks(texts, IN_A_FILE)):
        services = {
            f"s{index}": _service(**SINKS[sink](list(map(hostile.for_compose, group))))
            for index, group in enumerate(chunks(part, IN_A_SERVICE))
        }
        swarm = taken(written(folder / str(number), services))
        for name in services:
            result += VALUES[sink](swarm, name)
    return result


def test_the_sinks_are_those_of_compose() -> None:
    assert VALUES.keys() == SINKS.keys()


@pytest.mark.parametrize("sink", sorted(VALUES))
def test_every_string_comes_out_as_it_went_in(sink: str, tmp_path: Path) -> None:
    texts = strings(COUNT)
    assert through_a_swarm(sink, texts, tmp_path) == texts


def test_a_command_or_a_check_that_is_text(tmp_path: Path) -> None:
    texts = [text for text in strings(min(COUNT, ROUTES)) if text.strip()]
    for number, part in enumerate(chunks(texts, SERVICES)):
        commands = {
            f"c{index}": _service(command=f"run {_shell_quoted(hostile.for_compose(text))}")
            for index, text in enumerate(part)
        }
        checks = {
            f"h{index}": _service(healthcheck={"test": hostile.for_compose(text)}) for index, text in enumerate(part)
        }
        swarm = taken(written(tmp_path / str(number), commands | checks))
        for index, text in enumerate(part):
            assert container(swarm, f"c{index}")["Args"] == ["run", text]
            assert container(swarm, f"h{index}")["Healthcheck"]["Test"] == ["CMD-SHELL", text]


def test_the_text_of_a_config_comes_out_as_it_went_in(tmp_path: Path) -> None:
    texts = [text for text in strings(COUNT) if text]
    for number, part in enumerate(chunks(texts, SERVICES)):
        configs = {f"c{index}": {"content": hostile.for_compose(text)} for index, text in enumerate(part)}
        swarm = taken(written(tmp_path / str(number), {"s": _service(configs=list(configs))}, configs=configs))
        names = {use["File"]["Name"]: use["ConfigName"] for use in container(swarm, "s")["Configs"]}
        assert [swarm.content("configs", names[name]).decode() for name in configs] == part


def test_a_secret_is_the_same_bytes_on_the_swarm(tmp_path: Path) -> None:
    texts = [text for text in strings(COUNT) if text]
    for number, part in enumerate(chunks(texts, SERVICES)):
        environ = {f"E{index}": text for index, text in enumerate(part)}
        secrets = {f"s{index}": {"env": f"E{index}"} for index in range(len(part))}
        swarm = taken(written(tmp_path / str(number), {"w": _service(secrets=list(secrets))}, environ, secrets=secrets))
        names = {use["File"]["Name"]: use["SecretName"] for use in container(swarm, "w")["Secrets"]}
        assert [swarm.content("secrets", names[name]).decode() for name in secrets] == part


def test_a_secret_as_a_variable_comes_out_as_it_went_in(tmp_path: Path) -> None:
    """By an env file that the client takes literally; Swarm then runs templates of it."""
    texts = [text for text in strings(COUNT, keep="\r\n\0") if text]
    for number, part in enumerate(chunks(texts, IN_A_FILE)):
        environ = {f"E{index}": text for index, text in enumerate(part)}
        secrets = {f"x{index}": {"env": f"E{index}"} for index in range(len(part))}
        variables = {f"V{index}": {"secret": f"x{index}"} for index in range(len(part))}
        swarm = taken(written(tmp_path / str(number), {"w": _service(environment=variables)}, environ, secrets=secrets))
        assert _in_order(environment(swarm, "w")) == part


def test_the_real_traefik_takes_every_path(tmp_path: Path) -> None:
    for place, paths in enumerate(chunks(_paths(COUNT)[:ROUTES], SERVICES)):
        services = {f"s{number}": _routed(number, path) for number, path in enumerate(paths)}
        stack = written(tmp_path / str(place), services)
        answer = ask_about([swarm_project(stack, "sinks", tmp_path / f"dynamic-{place}")])
        assert answer.complaints == []
        for number, path in enumerate(paths):
            seen = expectation.seen_router("http", answer.http_routers[f"s{number}-https@swarm"])
            assert seen.path == path and seen.hosts == {f"h{number}.example.com"}


def test_a_header_reaches_traefik_as_it_went_in(tmp_path: Path) -> None:
    """By a label of its own service, or by a file, which is a Go template to Traefik."""
    texts = [text for text in _without_variables(strings(min(COUNT, 2_000), keep="\r\n\0")) if text.strip()]
    named = {
        f"m{number}": {"kind": "headers", "custom_response_headers": {"X-Value": text}}
        for number, text in enumerate(texts)
    }
    stack = written(tmp_path / "a", {"w": _service(host="w.example.com", port=80)}, middlewares=named)
    answer = ask_about([swarm_project(stack, "sinks", tmp_path / "dynamic")])
    assert answer.complaints == []
    found = {name.partition("@")[0]: item for name, item in answer.middlewares.items()}
    for number, text in enumerate(texts):
        headers = {key.lower(): value for key, value in found[f"m{number}"]["headers"]["customResponseHeaders"].items()}
        assert headers == {"x-value": text}


@pytest.mark.parametrize(
    "spoil", [lambda text: text.replace("$$", "$"), lambda text: text.replace('{{\\"{{\\"}}', "{{")]
)
def test_a_planted_fault_is_caught(spoil: Callable[[str], str], tmp_path: Path) -> None:
    """A dollar that is not doubled, and braces that Swarm would run."""
    texts = ["plain", "a$b", "{{ x }}", "$$"]
    stack = written(tmp_path, {"s": _service(**SINKS["environment"](list(map(hostile.for_compose, texts))))})
    assert VALUES["environment"](taken(stack), "s") == texts
    stack.write_text(spoil(stack.read_text()))
    with pytest.raises((AssertionError, FailedDeployError)):
        assert VALUES["environment"](taken(stack), "s") == texts

"""The nets of target swarm are shown faults that they must catch: each is green first, and red with the fault."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from edgegen.kinds import routing
from edgegen.project import render as project_render
from edgegen.render.files import render as render_files
from edgegen.targets.swarm_parts import deploy, services
from edgegen.traefik import labels
from tests.properties import laid_together, specs, swarm_rendered, swarm_together

pytestmark = [pytest.mark.slow, pytest.mark.lab]

Patch = pytest.MonkeyPatch
WEB, OLD = f"{specs.TOKEN}-w", f"{specs.TOKEN}-r"
SPEC = {
    "name": f"{specs.TOKEN}-a",
    "target": "swarm",
    "services": {
        WEB: {"image": "x:1", "port": 80, "host": f"w.{specs.ZONE}", "aliases": [f"a.{specs.ZONE}"], "secrets": ["s"],
              "environment": {"A": "a$$b {{x}}", "B": {"secret": "s"}}, "ports": ["8080:80"], "drain": "6s",
              "deploy": {"update_config": {"order": "start-first"}}},
        OLD: {"kind": "redirect", "host": f"r.{specs.ZONE}", "to": "https://x.example/{{nothing}}"},
    },
    "secrets": {"s": {"env": "CANARY"}},
}  # fmt: skip
CANARY = "canary-in-the-stack"


def rendered(folder: Path) -> swarm_rendered.Stack:
    project = swarm_rendered.project_folder(folder / "project")
    sample = specs.Sample(SPEC, None, {"CANARY": CANARY})
    return swarm_rendered.through(sample, 1, project, folder)


def docker_reads_it(folder: Path) -> None:
    swarm_rendered.judge(rendered(folder))


def traefik_shows_it(folder: Path) -> None:
    stack = rendered(folder)
    answer = swarm_together.ask([stack], folder)
    assert laid_together.seen(answer) == swarm_together.wanted([stack])
    assert laid_together.lasting(answer) == []


def labels_of_the_container(patch: Patch) -> None:
    real = services.shaped

    def shaped(*arguments: Any) -> Any:
        made = real(*arguments)
        if "labels" not in made.deploy:
            return made
        return replace(made, labels=made.deploy["labels"], deploy={**made.deploy, "labels": {}})

    patch.setattr("edgegen.targets.swarm.shaped", shaped)


def no_port(patch: Patch) -> None:
    patch.setattr("edgegen.kinds.routing.service_labels", lambda service: {})


def of_docker_s_provider(patch: Patch) -> None:
    real = labels.router_labels

    def routed(router: Any) -> dict[str, str]:
        made = real(router)
        return {key: f"{value}@docker" if key.endswith(".service") else value for key, value in made.items()}

    patch.setattr("edgegen.kinds.routing.router_labels", routed)


def an_alias_lost(patch: Patch) -> None:
    real = routing._rule
    patch.setattr(routing, "_rule", lambda context, hosts, paths: real(context, hosts[:1], paths))


def braces_that_swarm_runs(patch: Patch) -> None:
    patch.setattr(services, "literal", lambda text: text)


def a_secret_in_the_stack(patch: Patch) -> None:
    def render(*arguments: Any, **options: Any) -> Any:
        return [
            replace(file, text=f"{file.text}# {CANARY}\n") if file.path == "stack.yml" else file
            for file in render_files(*arguments, **options)
        ]

    patch.setattr(project_render, "render", render)


def a_virtual_address(patch: Patch) -> None:
    real = deploy.deployed
    patch.setattr(services, "deployed", lambda *arguments: {**real(*arguments), "endpoint_mode": "vip"})


def ports_of_the_ingress(patch: Patch) -> None:
    real = services.long_ports
    patch.setattr(services, "long_ports", lambda ports: [{**port, "mode": "ingress"} for port in real(ports)])


def names_without_content(patch: Patch) -> None:
    patch.setattr("edgegen.targets.swarm_parts.held.hashed_name", lambda stack, thing, digest: f"{stack}-{thing}")


def no_drain(patch: Patch) -> None:
    patch.setattr("edgegen.kinds.container.HEEDED_BY_NOBODY", "SIGTERM")


@pytest.mark.parametrize(
    ("fault", "caught_by"),
    [
        (labels_of_the_container, traefik_shows_it), (labels_of_the_container, docker_reads_it), (no_port, traefik_shows_it),
        (no_port, docker_reads_it), (of_docker_s_provider, traefik_shows_it), (an_alias_lost, traefik_shows_it),
        (braces_that_swarm_runs, docker_reads_it), (a_secret_in_the_stack, docker_reads_it), (a_virtual_address, docker_reads_it),
        (ports_of_the_ingress, docker_reads_it), (names_without_content, docker_reads_it), (no_drain, docker_reads_it),
    ],
    ids=lambda function: function.__name__,
)  # fmt: skip
def test_a_planted_fault_is_caught(
    fault: Callable[[Patch], None], caught_by: Callable[[Path], None], tmp_path: Path
) -> None:
    for name in ("healthy", "ill"):
        (tmp_path / name).mkdir()
    caught_by(tmp_path / "healthy")
    with pytest.MonkeyPatch.context() as patch:
        fault(patch)
        with pytest.raises((AssertionError, KeyError)) as caught:
            caught_by(tmp_path / "ill")
    assert caught.traceback[-1].path.is_relative_to(Path(__file__).parents[1]), caught.value

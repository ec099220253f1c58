"""What a preflight has found to be in order, each in a few words. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from edgegen.core.errors import Problem
from edgegen.deploy.engine import Engine
from edgegen.deploy.model import Project, Published
from edgegen.traefik.version import version_of

_MANY = 4


def engine_passed(engine: Engine) -> str:
    """It answers, and where it is if that is another host."""
    where = "" if engine.is_local else f" at {engine.host}"
    return f"Docker Engine {engine.version} answers{where}"


def ports_passed(ports: Sequence[Published], problems: Sequence[Problem]) -> Iterator[str]:
    """Nobody else holds them."""
    numbers = list(dict.fromkeys(str(port.port) for port in ports))
    if not numbers or problems:
        return
    if len(numbers) > _MANY:
        yield f"nothing else uses the {len(numbers)} ports"
    elif len(numbers) == 1:
        yield f"nothing else uses port {numbers[0]}"
    else:
        yield f"nothing else uses ports {', '.join(numbers[:-1])} and {numbers[-1]}"


def traefik_passed(project: Project, engine: Engine, problems: Sequence[Problem]) -> Iterator[str]:
    """The Traefiks of the project speak the engine's API."""
    images = dict.fromkeys(service.image for service in project.services if version_of(service.image))
    if images and not problems:
        yield f"{', '.join(images)} can talk to Docker Engine {engine.version}"

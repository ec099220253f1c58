"""Compose or stack files of one project -> `Project`."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from edgegen.core.data import mapping
from edgegen.lint.model import Disk, Gap, Mode, Network, Project, Service
from edgegen.lint.reader import stack_variables
from edgegen.lint.reader.env_files import EnvFiles
from edgegen.lint.reader.environment import chosen, env_names, normal_name, project_values
from edgegen.lint.reader.forms import forms, repeated
from edgegen.lint.reader.loading import Loader
from edgegen.lint.reader.mode import Labelled, mode_of
from edgegen.lint.reader.origin import Node
from edgegen.lint.reader.resources import default_network, networks, sources
from edgegen.lint.reader.service import Context, ReadService
from edgegen.lint.reader.traefiks import traefiks_of
from edgegen.lint.reader.unset import invalid, unset
from edgegen.lint.reader.values import replaced, text_of
from edgegen.spec.source import no_garbage_collection
from edgegen.traefik.version import Version


def read_project(
    names: Sequence[str],
    disk: Disk,
    *,
    folder: str = ".",
    environ: Mapping[str, str] | None = None,
    wanted: Version | None = None,
) -> Project:
    """One project of one or several Compose files, the later ones laid over the earlier.

    Names are relative to the project's folder, which is `disk`. Raises SpecError for a file that is not YAML, with its
    place, and for one that isn't there.
    """
    with no_garbage_collection():
        return _project(list(names), disk, folder, environ or {}, wanted)


def _project(names: list[str], disk: Disk, folder: str, environ: Mapping[str, str], wanted: Version | None) -> Project:
    env_files = EnvFiles(disk)
    values = project_values(env_files, environ)
    # Compose is run in the project's folder, from wherever lint is.
    values["PWD"] = posixpath.abspath(folder)  # not resolved: a shell's PWD is not, either
    told = chosen(values)
    loader = Loader(disk, env_files)
    name = _name(loader.tops(names), told.name, values, folder)
    if name:
        values.setdefault("COMPOSE_PROJECT_NAME", name)
    node = loader.load(names, values)
    services = _services(node, loader.partial, Context(env_files, values))
    mode = mode_of(node[0], names, Labelled(mapping(node[0], "services")), _flags(services))
    project = name if mode is Mode.COMPOSE else None
    secrets, configs = sources(node, "secrets", project), sources(node, "configs", project)
    traefiks, files, gaps = traefiks_of(services, disk, secrets=secrets, configs=configs, values=values, wanted=wanted)
    # `docker stack` reads no `.env`.
    env = env_names(environ) if mode is not Mode.SWARM else []
    shell = {**environ, "PWD": "", "COMPOSE_PROJECT_NAME": ""}
    refused = [item for path in env for item in env_files.refused(path, environ)]
    return Project(
        folder=folder,
        name=project,
        mode=mode,
        files=(*loader.files, *files),
        services=services,
        networks=_networks(node, services, project),
        volumes=sources(node, "volumes", project),
        secrets=secrets,
        configs=configs,
        traefiks=traefiks,
        dynamic=tuple(item for traefik in traefiks for item in traefik.dynamic),
        gaps=(*loader.gaps, *gaps, *_gaps(services, disk), *unset(loader.layers, disk)),
        remarks=(*loader.remarks, *forms(loader.layers), *invalid(loader.layers), *refused),
        repeated=tuple(repeated(loader.layers)),
        env=tuple(file for path in env if (file := env_files.file(path))),
        lossy=tuple(item for path in env for item in env_files.lossy_of(path, values)),
        stack_forms=tuple(stack_variables.forms(loader.layers)) if mode is Mode.SWARM else (),
        unread={name: at.spot for name, at in stack_variables.only_in_files(loader.layers, shell).items()}
        if mode is Mode.SWARM
        else {},
        partial=loader.hidden,
        wanted=wanted,
        top=node[0],
        disk=disk,
    )


def _name(tops: Sequence[Mapping[str, Any]], told: str, values: Mapping[str, str], folder: str) -> str | None:
    """The project's name; None where it depends on a variable without a value."""
    if told:
        return told
    written = [text_of(top["name"]) for top in tops if top.get("name")]
    text, missing = replaced(written[-1], values) if written else ("", ())
    if missing:
        return None
    return normal_name(text) or normal_name(posixpath.basename(posixpath.abspath(folder))) or None


def _services(node: Node, partial: set[str], context: Context) -> dict[str, Service]:
    written = mapping(node[0], "services")
    origin = node[1].at("services")
    found: dict[str, Service] = {}
    for name, data in written.items():
        baseless = not isinstance(data, dict) or all(data.get(key) is None for key in ("image", "build", "provider"))
        found[name] = ReadService(name, (data, origin.at(name)), context, partial=name in partial or baseless)
    return found


def _networks(node: Node, services: Mapping[str, Service], project: str | None) -> dict[str, Network]:
    found = networks(node, project)
    if "default" not in found and any("default" in service.networks for service in services.values()):
        found["default"] = default_network(project)
    return found


def _flags(services: Mapping[str, Service]) -> Iterator[str]:
    """The flags of what may be a Traefik."""
    for service in services.values():
        command = service.data.get("command")
        if command is not None and "providers." in str(command).lower():
            yield from (word.text for word in service.command)


def _gaps(services: Mapping[str, Service], disk: Disk) -> Iterator[Gap]:
    for service in services.values():
        assert isinstance(service, ReadService)  # noqa: S101  # made above
        yield from service.gaps(disk)

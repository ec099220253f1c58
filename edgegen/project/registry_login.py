"""`registry login`: what each tool needs to log in to a registry of the spec. Never a password."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct

from edgegen.core.errors import UsageError
from edgegen.core.suggest import did_you_mean
from edgegen.project.local_ca import ROOT
from edgegen.project.registry import find_registry
from edgegen.render.environment import builtin_templates, environment
from edgegen.spec.edge import Spec
from edgegen.spec.load import load
from edgegen.spec.registry import RegistryBase
from edgegen.spec.registry_cache import RegistryCache

FOLDER = "login"
SUFFIX = ".j2"
_COMMENT = re.compile(r"\{#\s*(.*?)\s*#\}\n")
_PUBLIC, _PUSHES = re.compile(r"\(.*public"), re.compile(r"\(.*pushes")
"""In the comment of a template that makes no sense for a registry of this machine, or for a cache."""
_HUB = {"registry-1.docker.io": "docker.io"}
"""Where images without a registry come from, and what tools call it."""


class Snippet(Struct, frozen=True):
    """A file, or commands, for one tool."""

    tool: str
    about: str
    """The tools that use it, for people."""
    language: str
    """`sh`, `toml` or `yaml`."""
    text: str


def tools() -> list[str]:
    """Every tool that there is a snippet for, the one that most have first. The folder is the registry."""
    names = (path.name for path in (builtin_templates() / FOLDER).iterdir())
    return sorted(names, key=lambda name: (name != "docker", name))


def snippets(
    project: Path, environment_name: str | None, *, tool: str | None, service: str | None, user: str | None
) -> list[Snippet]:
    """Those of one tool, or of all. Raises UsageError for an unknown tool or user, and where none is needed."""
    if tool is not None and tool not in tools():
        hint = did_you_mean(tool, tools(), f"there are {', '.join(tools())}")
        raise UsageError(f"there is no snippet for `{tool}`", hint=hint)
    registry = find_registry(project, environment_name, service)
    loaded = load(project, environment_name)
    item = loaded.spec.registries[registry.service]
    context = _context(project, item, loaded.spec, _user(item, user))
    found = [snippet for name in ([tool] if tool else tools()) for snippet in _of_tool(name, context)]
    if not found:
        raise UsageError(
            f"{tool} can't use `{registry.service}`: "
            + ("it answers on this machine only" if context["local"] else "it is a cache, to which nothing is pushed")
        )
    return found


def _user(item: RegistryBase, user: str | None) -> str:
    if user is not None and user not in item.users:
        raise UsageError(f"the registry has no user `{user}`", hint=did_you_mean(user, item.users))
    if not item.users:
        raise UsageError("the registry has no users", hint="`edgegen registry user add NAME` adds one")
    return user or item.users[0]


def _context(project: Path, item: RegistryBase, spec: Spec, user: str) -> dict[str, Any]:
    server = item.address(spec.edge.ports.websecure)
    upstream = item.upstream.rstrip("/") if isinstance(item, RegistryCache) else ""
    host = urlsplit(upstream).netloc
    return {
        "server": server,
        "url": f"{'http' if item.local_port else 'https'}://{server}",
        "user": user,
        "local": bool(item.local_port),
        "upstream": upstream,
        "mirrored": _HUB.get(host, host),
        **_authority(project, spec),
        "label": re.sub(r"[^a-z0-9]+", "-", server).strip("-"),
    }


def _authority(project: Path, spec: Spec) -> dict[str, Any]:
    """The certificate of an authority that nobody trusts yet, as a shell and as TOML write its path."""
    file = spec.acme.ca_file or (ROOT if spec.acme.is_local else "")
    path = str((project / file).absolute()) if file else ""
    return {"ca": path, "ca_in_shell": shlex.quote(path), "ca_in_toml": json.dumps(path)}


def _of_tool(name: str, context: dict[str, Any]) -> Iterator[Snippet]:
    jinja = environment()
    for path in sorted((builtin_templates() / FOLDER / name).glob(f"*{SUFFIX}")):
        head = _COMMENT.match(path.read_text(encoding="utf-8"))
        about = head[1] if head else ""
        if (context["local"] and _PUBLIC.search(about)) or (context["mirrored"] and _PUSHES.search(about)):
            continue
        text = jinja.get_template(f"{FOLDER}/{name}/{path.name}").render(context).strip("\n")
        if text:
            language = path.name.removesuffix(SUFFIX).rpartition(".")[2].replace("yml", "yaml")
            yield Snippet(name, about.partition(" (")[0], language, text)

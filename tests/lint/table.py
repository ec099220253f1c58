"""Stacks for the tables of rules, and whether a table would notice a fault in its rule."""

from __future__ import annotations

from collections.abc import Sequence

from tests.lint.support import found, project

USUAL = (
    "--providers.docker=true",
    "--providers.docker.exposedbydefault=false",
    "--entrypoints.web.address=:80",
    "--entrypoints.websecure.address=:443",
    "--certificatesresolvers.le.acme.tlschallenge=true",
)
"""The flags of most Traefiks."""


def stack(*labels: str, more: str = "", enable: str = "true", under: str = "labels") -> str:
    """A service `web` with these labels, from line 5 on: `traefik.enable` is in line 4 and can be left out."""
    lines = [f"traefik.enable={enable}", *labels] if enable else list(labels)
    return f"services:\n  web:\n    {under}:\n{_list(lines)}    image: app:1\n{_indented(more)}"


def service(name: str, *labels: str, image: str = "app:1", more: str = "") -> str:
    """One more service."""
    return f"  {name}:\n    image: {image}\n{_indented(more)}    labels:\n{_list(['traefik.enable=true', *labels])}"


def traefik(*flags: str, image: str = "traefik:v3.7.15", usual: Sequence[str] = USUAL, more: str = "") -> str:
    """A Traefik with these flags after the usual ones."""
    return f"  traefik:\n    image: {image}\n{_indented(more)}    command:\n{_list([*usual, *flags])}"


def swarm(*labels: str, more: str = "") -> str:
    """A service of a swarm with these labels, from line 6 on: `traefik.enable` is in line 5."""
    lines = "".join(f"        - {label}\n" for label in ("traefik.enable=true", *labels))
    return f"services:\n  web:\n    deploy:\n      labels:\n{lines}    image: app:1\n{_indented(more)}"


def differences(rule: str, caught: Sequence[tuple[str, list[str]]], passed: Sequence[str]) -> list[str]:
    """The stacks of a table of which the rule now says something else."""
    wrong = [text for text, messages in caught if found(project(text), rule) != messages]
    return [*wrong, *(text for text in passed if found(project(text), rule))]


def _list(lines: Sequence[str]) -> str:
    return "".join(f"      - {line}\n" for line in lines)


def _indented(more: str) -> str:
    return "".join(f"    {line}\n" for line in more.splitlines())

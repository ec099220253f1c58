"""Specs with labels of their own, in few words."""

from __future__ import annotations

from collections.abc import Mapping

HEAD = """\
middlewares:
  auth: {kind: basic-auth, users_file: /run/users}
  gate: {kind: chain, middlewares: [auth, gzip]}
  gzip: {kind: compress}
  near: {kind: ip-allow-list, source_range: [192.0.2.0/24]}
edge: {dashboard: {host: edge.example.com, users: [me]}}
services:
  open: {image: "w:1", port: 80, host: open.example.com, aliases: [www.open.example.com]%OPEN%}
  shut: {image: "w:1", port: 80, host: shut.example.com, middlewares: [auth]%SHUT%}
  chained: {image: "w:1", port: 80, host: chained.example.com, middlewares: [gate]%CHAINED%}
  part: {image: "w:1", port: 8000, host: open.example.com, path: /api%PART%}
  any: {image: "w:1", port: 80, host: "*.wild.example.com", middlewares: [auth]%ANY%}
  hub: {kind: registry, host: hub.example.com, users: [ci], anonymous: pull%HUB%}
  nas: {kind: external, host: nas.example.com, url: "https://192.0.2.10:5001", middlewares: [auth]}
  moved: {kind: redirect, host: moved.example.com, to: "https://open.example.com"}
  db: {kind: tcp, image: "p:16", host: db.example.com, entrypoint: pg, listen: 54, port: 5432, middlewares: [near]%DB%}
  inner: {image: "w:1"%INNER%}
"""
SERVICES = ("open", "shut", "chained", "part", "any", "hub", "db", "inner")
R = "traefik.http.routers.own"
S = "traefik.http.services.own.loadbalancer"


def spec(labels: Mapping[str, str] | None = None, service: str = "open", **more: Mapping[str, str]) -> str:
    """The spec with `traefik_labels` of one service, or of several."""
    wanted = {service: labels or {}, **more}
    text = HEAD
    for name in SERVICES:
        own = wanted.get(name)
        lines = ", ".join(f"{_quoted(key)}: {_quoted(value)}" for key, value in (own or {}).items())
        text = text.replace(f"%{name.upper()}%", f", traefik_labels: {{{lines}}}" if own else "")
    return text


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def router(rule: str, *, name: str = "own", **options: str) -> dict[str, str]:
    """A whole router on the https port; `""` leaves an option out."""
    given = {key.replace("_", "."): value for key, value in options.items()}
    said = {"rule": rule, "entrypoints": "websecure", "tls.certresolver": "letsencrypt", **given}
    return {f"traefik.http.routers.{name}.{key}": value for key, value in said.items() if value}


def service(port: str, *, name: str = "own", **options: str) -> dict[str, str]:
    """A service on another port of the container."""
    said = {"server.port": port, **options}
    return {f"traefik.http.services.{name}.loadbalancer.{key}": value for key, value in said.items()}

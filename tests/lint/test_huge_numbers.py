"""Numbers of thousands of digits, of which Python reads none: each is a wrong value, and none ends lint."""

from __future__ import annotations

import pytest

from edgegen.lint.engine import lint
from edgegen.traefik.go_values import as_number
from tests.lint.support import project

HUGE = "1" * 5000
STACK = """\
services:
  traefik:
    image: traefik:v3.7
    command: ["--providers.docker=true", "--entrypoints.web.address=:80"FLAG]
  web:
    image: app:1
    expose: ["80"EXPOSED]
    ports: ["8080:80"PORT]
    labels:
      - traefik.http.routers.web.rule=Host(`a.example.com`)
      - traefik.http.routers.web.middlewares=m
LABEL
"""
LABELS = (
    "routers.web.priority", "services.web.loadbalancer.server.port", "services.web.loadbalancer.healthcheck.port",
    "services.web.loadbalancer.healthcheck.status", "middlewares.m.ipallowlist.ipstrategy.depth",
    "middlewares.m.ipallowlist.rejectstatuscode", "middlewares.m.inflightreq.amount", "middlewares.m.ratelimit.average",
    "middlewares.m.errors.status", "middlewares.m.retry.attempts", "middlewares.m.circuitbreaker.responsecode",
)  # fmt: skip
FLAGS = (
    "entrypoints.x.address=:", "entrypoints.web.http2.maxconcurrentstreams=", "accesslog.bufferingsize=",
    "accesslog.filters.statuscodes=", "entrypoints.web.http.redirections.entrypoint.priority=",
)  # fmt: skip
PORTS = (f'"{HUGE}:{HUGE}"', f'"80:{HUGE}-{HUGE}1"', f'{{target: "{HUGE}", published: "{HUGE}"}}')


def stack(**parts: str) -> str:
    text = STACK
    for word in ("FLAG", "EXPOSED", "PORT", "LABEL"):
        text = text.replace(word, parts.get(word.lower(), ""))
    return text


@pytest.mark.parametrize(
    "text",
    [
        *(stack(label=f"      - traefik.http.{label}={HUGE}") for label in LABELS),
        *(stack(flag=f', "--{flag}{HUGE}"') for flag in FLAGS),
        *(stack(port=f", {port}") for port in PORTS),
        stack(exposed=f', "{HUGE}"'),
    ],
    ids=[*LABELS, *FLAGS, "published", "range", "long form", "exposed"],
)
def test_it_is_read(text: str) -> None:
    lint(project(text))


@pytest.mark.parametrize(
    ("text", "number"), [("", 0), ("0", 0), ("007", 7), ("+8", 8), ("-12", -12), ("9223372036854775807", 2**63 - 1)]
)
def test_small_ones_are_exact(text: str, number: int) -> None:
    assert as_number(text) == number


def test_huge_ones_stay_huge() -> None:
    assert as_number(HUGE) > 2**63
    assert as_number(f"-{HUGE}") < -(2**63)
    assert as_number("0" * 5000 + "7") == 7

"""Specs of any size, made of what people really write: hosts, variables, volumes, middlewares, and one registry."""

from __future__ import annotations

HEAD = """\
name: bench
acme: {email: ops@example.com}
domains:
  example.com: {addresses: [192.0.2.1]}
middlewares:
  office: {kind: ip-allow-list, source_range: [198.51.100.0/24]}
services:
  hub:
    kind: registry
    host: hub.example.com
    anonymous: pull
"""
SERVICE = """\
  web{n}:
    image: ghcr.io/acme/web{n}:1.{n}
    port: {port}
    host: web{n}.example.com
    middlewares: [secure-headers, office, {{kind: rate-limit, average: 100}}]
    environment:
      DB_HOST: db{n}.internal
      MODE: production
      RETRIES: {n}
      GREETING: "costs $5: yes, #{n}"
    volumes:
      - data{n}:/var/lib/data
      - ./conf/{n}:/etc/app:ro
    healthcheck: {{test: [CMD, curl, -f, "http://localhost:{port}/"], interval: 30s, retries: 3}}
"""
MISTAKES = (
    ("    port: {port}\n", "    prot: {port}\n    port: {port}\n"),
    ("interval: 30s", "interval: half a minute"),
    ("average: 100", "average: 0"),
    ("    host: web{n}.example.com\n", "    host: web_{n}.example.com\n"),
)
MISTAKE_EVERY = 20


def spec(services: int, *, mistakes: bool = False) -> bytes:
    """An `edge.yaml` with so many services, the registry among them; with `mistakes` every twentieth has one."""
    parts = [HEAD]
    for number in range(1, services):
        wrong = mistakes and number % MISTAKE_EVERY == 0
        parts.append(_service(number, number // MISTAKE_EVERY if wrong else None))
    parts.append("volumes:\n")
    parts += [f"  data{number}: {{}}\n" for number in range(1, services)]
    return "".join(parts).encode()


def planted(services: int) -> int:
    """How many mistakes `spec(services, mistakes=True)` has."""
    return (services - 1) // MISTAKE_EVERY


def _service(number: int, mistake: int | None) -> str:
    text = SERVICE
    if mistake is not None:
        right, wrong = MISTAKES[mistake % len(MISTAKES)]
        assert right in text
        text = text.replace(right, wrong, 1)
    return text.format(n=number, port=3000 + number % 1000)

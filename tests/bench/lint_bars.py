"""The bars P8 and P9 of lint: against Compose's own check of the same file, and against compose-lint."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.bench.installed import edgegen, program
from tests.bench.measure import ROUNDS, Comparison, Job, compare, process
from tests.bench.memory import Peak, peak

HEAD = """\
name: bench
services:
  edge:
    image: traefik:v3.7.15
    command:
      - --providers.docker=true
      - --providers.docker.exposedbydefault=false
      - --entrypoints.websecure.address=:443
      - --certificatesresolvers.le.acme.email=ops@example.com
      - --certificatesresolvers.le.acme.storage=/acme/acme.json
      - --certificatesresolvers.le.acme.tlschallenge=true
    ports: ["443:443"]
    networks: [edge]
    volumes:
      - acme:/acme
      - /var/run/docker.sock:/var/run/docker.sock:ro
"""
SERVICE = """\
  web{n}:
    image: ghcr.io/acme/web{n}:1.{n}
    restart: unless-stopped
    networks: [edge]
    environment:
      DB_HOST: db{n}.internal
      MODE: production
      RETRIES: "{n}"
      GREETING: "costs $$5: yes, #{n}"
    volumes:
      - data{n}:/var/lib/data
      - ./conf/{n}:/etc/app:ro
    healthcheck:
      test: [CMD, curl, -f, "http://localhost:{port}/"]
      interval: 30s
      retries: 3
    labels:
      - "traefik.enable=true"
      - "traefik.http.routers.web{n}.rule=Host(`web{n}.example.com`)"
      - "traefik.http.routers.web{n}.entrypoints=websecure"
      - "traefik.http.routers.web{n}.tls.certresolver=le"
      - "traefik.http.services.web{n}.loadbalancer.server.port={port}"
"""
MANY = 500


def stack(services: int) -> str:
    """A Compose file with a Traefik and so many services in all."""
    inner = "".join(SERVICE.format(n=number, port=3000 + number % 1000) for number in range(1, services))
    volumes = "".join(f"  data{number}: {{}}\n" for number in range(1, services))
    return f"{HEAD}{inner}networks:\n  edge: {{}}\nvolumes:\n  acme: {{}}\n{volumes}"


def p8(
    folder: Path, rounds: int = ROUNDS, large: int = 1000, small: int = 10, many: int = MANY
) -> Iterator[Comparison]:
    """Checking files, whole processes."""
    compose = "`docker-compose config -q`"
    big, little = [_written(folder, large)], [_written(folder, small)]
    what = f"`lint` of {large:,} services"
    yield compare("P8", what, compose, 0.2, (_lint(big, folder), _compose(big, folder)), rounds=rounds)
    yield compare("P8", what, "compose-lint", 0.2, (_lint(big, folder), _other(big, folder)), rounds=rounds)
    jobs = _lint(little, folder), _compose(little, folder)
    yield compare("P8", f"`lint` of {small:,} services", compose, 4, jobs, rounds=rounds)
    files = [_written(folder, small, f"file-{number}") for number in range(many)]
    jobs = _lint(files, folder), _other(files, folder)
    yield compare("P8", f"`lint` of {many:,} files in one process", "compose-lint", 0.5, jobs, rounds=rounds)


def p9(folder: Path, rounds: int = 3, many: int = 1000) -> Iterator[Peak]:
    """The most memory that a run takes."""
    argv = [*edgegen("lint", "--fail-on", "never"), str(_written(folder, many))]
    yield peak("P9", f"`lint` of {many:,} services", 150, argv, folder, rounds=min(rounds, 3))


def _written(folder: Path, services: int, name: str = "") -> Path:
    file = folder / (name or f"stack-{services}") / "docker-compose.yml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(stack(services))
    return file


def _lint(files: Sequence[Path], folder: Path) -> Job:
    return process([*edgegen("lint", "--fail-on", "never"), *map(str, files)], folder)


def _compose(files: Sequence[Path], folder: Path) -> Job:
    (file,) = files
    return process([program("docker-compose"), "-f", str(file), "config", "-q"], folder)


def _other(files: Sequence[Path], folder: Path) -> Job:
    return process([program("compose-lint"), *map(str, files)], folder, codes=(0, 1))


BARS = (p8, p9)

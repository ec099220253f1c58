"""The bars P7 and P9: `verify` against sslyze on the same servers, and how much memory a thousand services take."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.bars import made_project
from tests.bench.installed import edgegen, python
from tests.bench.measure import ROUNDS, Comparison, compare, process
from tests.bench.memory import Peak, peak
from tests.fakes.authority_of_tests import Authority
from tests.fakes.tls_scripts import to_https
from tests.fakes.tls_servers import Servers, Site

SERVER_SECONDS = 0.04
"""Between a connection and the server's first byte, as from a server on another continent."""


@dataclass(frozen=True)
class World:
    """Servers on loopback with a certificate for each host, and where they are."""

    hosts: tuple[str, ...]
    authority: Path
    secure: int
    plain: int

    def verify(self, count: int) -> list[str]:
        """edgegen's command line: chain, name, expiry, redirect, headers of the first hosts."""
        # Each host by its own detour: sslyze is given addresses too, and asks no DNS.
        chosen = self.hosts[:count]
        detours = [f"{host}:443:127.0.0.1:{self.secure}" for host in chosen] + [f":80:127.0.0.1:{self.plain}"]
        words = [word for detour in detours for word in ("--connect-to", detour)]
        return edgegen(
            "verify", "--quiet", "--ca-file", str(self.authority), *words, *(f"https://{host}" for host in chosen)
        )

    def sslyze(self, count: int) -> list[str]:
        """The same hosts for sslyze, which looks at their certificates alone."""
        targets = (f"{host}:{self.secure}{{127.0.0.1}}" for host in self.hosts[:count])
        return [python("sslyze"), "-m", "sslyze", "--certinfo", "--certinfo_ca_file", str(self.authority), *targets]


def p7(folder: Path, rounds: int = ROUNDS, many: int = 50) -> Iterator[Comparison]:
    """Verifying, whole processes."""
    with _world(folder, many) as world:
        for count, most in ((many, 0.3), (1, 0.6)):
            jobs = process(world.verify(count), folder), process(world.sslyze(count), folder)
            what = f"`verify` of {count:,} endpoint{'s' if count > 1 else ''}"
            yield compare("P7", what, "`sslyze --certinfo`", most, jobs, rounds=rounds)


def p9(folder: Path, rounds: int = 3, many: int = 1000) -> Iterator[Peak]:
    """The most memory that a run of `render` takes, and one of `verify`."""
    project = made_project(folder, many)
    yield peak("P9", f"`render` of {many:,} services", 150, edgegen("render"), project, rounds=min(rounds, 3))
    with _world(folder, many) as world:
        what = f"`verify` of {many:,} endpoints"
        yield peak("P9", what, 150, world.verify(many), folder, rounds=min(rounds, 3))


@contextlib.contextmanager
def _world(folder: Path, count: int) -> Iterator[World]:
    authority = Authority.root("Bench Root")
    issuer = authority.intermediate("Bench R1")
    hosts: Sequence[str] = [f"h{number}.bench.test" for number in range(count)]
    file = folder / f"ca-{count}.pem"
    file.write_bytes(authority.pem)
    sites = {host: Site(issuer.issue(host)) for host in hosts}
    with Servers() as servers:
        secure = servers.tls(sites, delay=SERVER_SECONDS)
        plain = servers.http(to_https())
        yield World(tuple(hosts), file, secure.port, plain.port)


BARS = (p7, p9)

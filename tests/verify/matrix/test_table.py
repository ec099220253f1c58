"""Every row of the table: by the command line, host by host; as whole processes; and twenty times all at once."""

from __future__ import annotations

import json
import random
import socket
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache, partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from edgegen.cli.app import run as command_line
from edgegen.cli.look_options import Look
from edgegen.core.grade import grade, worst
from edgegen.endpoints import Endpoint
from edgegen.project import verify as verifying
from edgegen.project.verify import Ways, chosen, verify
from edgegen.secrets.logins import with_logins
from edgegen.verify.checks import Context
from edgegen.verify.run import judge_one
from edgegen.verify.settings import Settings
from tests.conftest import Edgegen
from tests.sizes import sized, some
from tests.verify.matrix.ground import Ground
from tests.verify.matrix.registries import PASSWORD, USER
from tests.verify.matrix.table import ROWS, TARPIT_SECONDS, Run

pytestmark = pytest.mark.slow  # Debian's docker-registry is one of the servers

FAULTS = (
    "Expired",
    "Not yet valid / local clock wrong",
    "Expires in < 14 d; > 398 d life",
    "Self-signed",
    "Traefik default cert",
    "Wrong SAN; `*.example` for a.b.example",
    "CN only, no SAN",
    "Staging issuer",
    "Missing intermediate",
    "Unknown/private CA",
    "TLS 1.0/1.1 only",
    "TLS 1.0 offered *besides* 1.2/1.3; CBC/RC4/EXPORT; RSA 1024",
    "TLS 1.3 only, ECDSA only",
    "Plain HTTP on 443",
    "Accept then silence",
    "Slow-loris header/body",
    "Endless body / 1 GB header / 10^4 headers / gzip bomb",
    "RST, FIN, closed port, filtered port",
    "Redirect loop; 11 hops",
    "HTTP->HTTPS missing; 302 for 301; to other host; to http; lost path/query; to an IP; `//evil`; `javascript:`; "
    "port 8443",
    "HSTS missing / < 63,072,000",
    "Registry 401 without `WWW-Authenticate`",
    "Registry **200 without auth**",
    "Right",
    "/v2/ behind the proxy's basic auth",
    "Login page: 200 text/html on /v2/; 301 `/v2`->`/v2/` (real registry does [M])",
    '502 / 503 / 504 / 404 "page not found" of Traefik (19 bytes)',
    "IPv6 only; IPv4 only; v6 record but dead",
    "Half of the A records dead",
    "NXDOMAIN / NODATA",
    "SERVFAIL, REFUSED, CNAME loop, bogus DNSSEC",
    "Resolver dead / slow 9 s",
    "Wrong A",
    "Stale at one of the NS / TTL cache",
    "CNAME to Cloudflare / proxied",
    "DNS rebinding to 169.254/127/10",
    "1,000 targets (10 tarpits, 50 faults)",
    "SIGINT in the middle",
)
"""The table of faults for `verify`, row by row."""
CASES = {f"{case.label}.{case.zone}": case for row in ROWS for case in row.cases}
REPEATS = sized(2, 20)
LOGIN = {"EDGEGEN_REGISTRY_USER": USER, "EDGEGEN_REGISTRY_PASSWORD": PASSWORD}
EXPLAINS = "EV021"
Said = Mapping[str, Sequence[Mapping[str, Any]]]


def test_every_row_of_the_faults_is_in_the_table() -> None:
    assert tuple(row.fault for row in ROWS) == FAULTS
    assert all(row.cases or row.tests for row in ROWS)
    assert len(CASES) == sum(len(row.cases) for row in ROWS)


def test_what_a_row_refers_to_is_there() -> None:
    for row in ROWS:
        for place in row.tests:
            file, _, name = place.partition("::")
            assert f"def {name}(" in (Path(__file__).parents[1] / file).read_text(), place


def by_subject(findings: Iterable[Mapping[str, Any]]) -> Said:
    found: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for finding in findings:
        found[finding["subject"]].append(finding)
    return found


def words(findings: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """What is not good, without what only follows from it."""
    return tuple(
        item["verdict"]
        for item in findings
        if item["outcome"] != "pass" and item["verdict"] != "not-seen" and item["id"] != EXPLAINS
    )


@pytest.fixture(scope="module")
def read_once() -> Iterator[None]:
    """The spec of all cases is the same, and reading it takes longer than the look at a host."""
    read = cache(partial(verifying._of_spec, words=()))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(verifying, "_of_spec", lambda project, environment, words: read(project, environment))
        yield


@pytest.mark.usefixtures("read_once")
@pytest.mark.parametrize("host", CASES)
def test_the_command_line_says_it(
    matrix: Ground, host: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    case, place = CASES[host], matrix.places[host]
    for name, value in LOGIN.items():
        monkeypatch.setenv(name, value)
    code = command_line(["verify", place.word, "--json", "-C", str(matrix.folder), *case.run.options(matrix)])
    report = json.loads(capsys.readouterr().out)
    assert (words(report["findings"]), code) == (case.alone or case.words, case.code), report["findings"]
    assert {item["subject"] for item in report["findings"]} == {place.subject}
    assert report["ok"] is (code == 0)


@pytest.mark.parametrize("run", Run)
def test_a_process_says_it_of_all(matrix: Ground, edgegen: Edgegen, run: Run) -> None:
    mine = {host: case for host, case in CASES.items() if case.run is run}
    asked = [matrix.places[host].word for host in mine]
    done = edgegen("verify", *asked, "--json", *run.options(matrix), cwd=matrix.folder, env=_logins(matrix))
    assert done.err == ""
    report = json.loads(done.out)
    said = by_subject(report["findings"])
    assert {host: words(said[matrix.places[host].subject]) for host in mine} == {
        host: case.words for host, case in mine.items()
    }
    assert [item["subject"] for item in report["endpoints"]] == [matrix.places[host].subject for host in mine]
    codes = {case.code for case in mine.values()}
    assert done.code == (1 if 1 in codes else max(codes))


@pytest.mark.parametrize("run", Run)
def test_twenty_times_the_same(matrix: Ground, run: Run) -> None:
    """Cases twice each in an order of chance: no neighbour changes anything. In the proof all of them, twenty times."""
    mine = some([host for host, case in CASES.items() if case.run is run], 3)
    wanted = {item.shown: item for item in _endpoints(matrix, mine)}
    cases = {matrix.places[host].subject: CASES[host] for host in mine}
    many = [item for item in wanted.values() for _ in range(REPEATS)]
    random.Random(run).shuffle(many)
    settings = _settings(matrix, run, many)
    found = verify(many, settings, Ways(lambda: datetime.now(UTC)))
    said = defaultdict(set)
    for seen in found.observations:
        own = judge_one(seen, Context(datetime.now(UTC), settings.cloudflare, settings.strict_tls))
        said[seen.endpoint.shown].add((words(item.as_json() for item in own), worst(map(grade, own)).exit_code))
    assert said == {subject: {(case.words, case.code)} for subject, case in cases.items()}
    assert [seen.endpoint for seen in found.observations] == many
    assert [server.connections for server in matrix.tripwires] == [0] * len(matrix.tripwires)
    if run is Run.TARPIT:
        late = {seen.endpoint.shown: seen.seconds for seen in found.observations}
        # Never early; late by what a loaded machine takes.
        assert all(-0.5 <= seconds - TARPIT_SECONDS <= 5 for seconds in late.values()), late


def test_a_tripwire_would_be_seen(matrix: Ground) -> None:
    """The planted fault: somebody connects to where nobody may."""
    server = matrix.tripwires[0]
    with socket.create_connection((server.address, server.port)) as sock:
        sock.sendall(b"GET / HTTP/1.1\r\nHost: evil.test\r\nConnection: close\r\n\r\n")
        assert sock.recv(100)
    assert server.connections == 1
    server.connections = 0


def _endpoints(matrix: Ground, hosts: Sequence[str]) -> tuple[Endpoint, ...]:
    return chosen(matrix.folder, None, [matrix.places[host].word for host in hosts])


def _settings(matrix: Ground, run: Run, endpoints: Sequence[Endpoint]) -> Settings:
    """The run's options as the command line reads them."""
    words = run.options(matrix)
    given = dict(pairwise(words))
    look = Look(
        ca_file=Path(given["--ca-file"]),
        resolver=[given["--resolver"]],
        authority_port=int(given["--authority-port"]),
        allow_private="--allow-private" in words,
    )
    settings = look.settings(float(given.get("--timeout", 10)), [Path(given["--cf-ranges"])])
    settings = replace(settings, strict_tls="--profile" in words)
    return with_logins(settings, endpoints, _logins(matrix), Path("/nonexistent")).settings


def _logins(matrix: Ground) -> dict[str, str]:
    """The spec's registries by the environment; strangers of whom several are looked at by Docker's configuration."""
    strangers = [place.word for place in matrix.places.values() if place.word.endswith("/v2/")]
    names = [word.removeprefix("https://").removesuffix("/v2/") for word in strangers]
    folder = matrix.folder / "docker"
    folder.mkdir(exist_ok=True)
    auths = {name: {"username": USER, "password": PASSWORD} for name in names}
    (folder / "config.json").write_text(json.dumps({"auths": auths}))
    return {**LOGIN, "DOCKER_CONFIG": str(folder)}

"""What hints send their reader to: commands that there are, and that help with this host."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from msgspec.structs import replace

import edgegen.verify.checks
from edgegen.cli.app import COMMANDS, load_command
from edgegen.core.finding import Outcome
from edgegen.endpoints import Kind
from edgegen.verify.checks import CHECKS
from edgegen.verify.observation import Observation, Trouble
from tests.verify.checks.making import (
    ADDRESS,
    HOST,
    NOW,
    broken,
    certificate,
    context,
    days,
    dead,
    endpoint,
    failure,
    names,
    observation,
    plain,
    redirect,
    registry_seen,
    reply,
    response,
    stranger,
    tls,
    traefik_404,
    untrusted,
    without_tls,
)

FOLDER = Path(edgegen.verify.checks.__file__).parent
NAMED = re.compile(r"`edgegen ([a-z-]+)(?: ([a-z-]+))?")
OF_ANYBODY = ("edgegen verify", "edgegen-")
"""What needs no project; and names that only begin so."""


def commands() -> set[tuple[str, ...]]:
    """Every command that there is, groups with those below them."""
    found = {name: getattr(load_command(name), "commands", {}) for name in COMMANDS}
    return {way for name, below in found.items() for way in ((name,), *((name, inner) for inner in below))}


def named() -> list[tuple[str, str]]:
    """Each `edgegen …` in the sources of the checks, their pages included."""
    return [
        (found[1], found[2] or "") for file in sorted(FOLDER.glob("*.py")) for found in NAMED.finditer(file.read_text())
    ]


def exists(first: str, second: str, known: set[tuple[str, ...]]) -> bool:
    is_group = any(way[0] == first and len(way) == 2 for way in known)
    return ((first, second) if is_group else (first,)) in known


def test_every_command_that_is_named_exists() -> None:
    known = commands()
    assert len(named()) > 20
    assert [item for item in named() if not exists(*item, known)] == []
    assert not exists("rehearse", "", known)
    assert not exists("dns", "adopt", known)
    assert exists("logs", "traefik", known)


HUB = stranger(kind=Kind.REGISTRY)
URL = f"https://{HOST}/"
STAND_IN = untrusted(18, chain=(certificate("TRAEFIK DEFAULT CERT", self_signed=True),))
STRANGERS: dict[str, Observation] = {
    "no name": Observation(stranger(), names(resolved={4: reply(status=reply().status.NXDOMAIN)}, authorities=())),
    "no address": Observation(stranger(), names(resolved={4: reply(status=reply().status.NODATA)}, authorities=())),
    "refused": observation(dead(ADDRESS)),
    "hung up": observation(tls=without_tls(Trouble.CLOSED)),
    "not TLS": observation(tls=without_tls(Trouble.NOT_TLS)),
    "expired": observation(tls=untrusted(10, leaf=certificate(not_after=NOW - days(1)))),
    "expiring": observation(tls=tls(leaf=certificate(not_before=NOW - days(85), not_after=NOW + days(5)))),
    "stand-in": observation(tls=STAND_IN),
    "stand-in without a router": observation(tls=STAND_IN, answers=(traefik_404(),)),
    "staging": observation(tls=untrusted(20, leaf=certificate(issuer="CN=(STAGING) Pretend Pear X1"))),
    "other names": observation(tls=untrusted(62, leaf=certificate("x.example.com"))),
    "a 404 of somebody": observation(answers=(traefik_404(),)),
    "down": observation(answers=(response(status=502),)),
    "error": observation(answers=(response(status=500),)),
    "silence": observation(answers=(broken(Trouble.TIMEOUT),)),
    "loop": observation(answers=(redirect(URL, URL),), loop=True),
    "no redirect": observation(plain=(response(f"http://{HOST}/"),)),
    "closed": observation(plain=(), plain_connect=failure(Trouble.REFUSED), tls=STAND_IN),
    "wrong port": observation(plain=(plain(f"https://{HOST}:8443/"),)),
    "no HSTS": observation(answers=(response(headers={"strict-transport-security": ""}),)),
    "weak": observation(tls=tls(weak=("TLSv1 x",))),
    "open": observation(endpoint=HUB, registry=registry_seen(anonymous=response(f"{URL}v2/", body=b"{}"))),
    "refuses": observation(endpoint=HUB, registry=registry_seen(right=response(f"{URL}v2/", 401))),
    "behind the proxy": observation(endpoint=HUB, answers=(response(headers={"cf-ray": "1-FRA"}),)),
}  # fmt: skip


@pytest.mark.parametrize("seen", STRANGERS.values(), ids=STRANGERS)
def test_a_host_without_a_spec_has_no_project(seen: Observation) -> None:
    if seen.endpoint.has_spec:
        seen = replace(seen, endpoint=stranger())
    said = [item for check in CHECKS for item in check.judge(seen, context()) if item.outcome is not Outcome.PASS]
    told = [item for item in said if item.verdict != "not-seen"]
    assert told
    for item in told:
        found = re.findall(r"edgegen[ -][a-z]*", item.hint.replace("edgegen-probe", ""))
        assert [word for word in found if not word.startswith(OF_ANYBODY)] == [], item
        assert "acme.ca" not in item.hint


def test_every_finding_that_is_not_good_has_a_hint() -> None:
    """Save those that nothing could be done about: what was not pushed."""
    for seen in STRANGERS.values():
        for wanted in (seen.endpoint, endpoint(kind=seen.endpoint.kind)):
            for check in CHECKS:
                for item in check.judge(replace(seen, endpoint=wanted), context()):
                    assert item.hint or item.outcome is Outcome.PASS or item.verdict == "not-seen", item

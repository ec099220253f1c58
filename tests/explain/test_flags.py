"""Traefik's own container: its state and its flags."""

from __future__ import annotations

import pytest

from edgegen.explain.flags import edge_reasons, flags_of
from edgegen.explain.reason import Reason, Weight
from edgegen.traefik.log import read_log
from edgegen.verify.checks.check import Hop
from tests.explain.making import API, DASHBOARD, REGISTRY, inside, only, traefik, wanted_of

FLAGS = traefik().args


def reasons(host: str, *args: str, **changes: object) -> list[Reason]:
    of = wanted_of(host)
    return list(edge_reasons(inside(of, traefik=traefik(args=args or FLAGS, **changes)), of))


def without(part: str) -> tuple[str, ...]:
    left = tuple(word for word in FLAGS if part not in word)
    assert len(left) == len(FLAGS) - 1
    return left


@pytest.mark.parametrize("host", [API, REGISTRY, DASHBOARD])
def test_flags_as_wanted(host: str) -> None:
    assert reasons(host) == []


def test_a_redirection_without_its_goal() -> None:
    found = only(reasons(API, *without("redirections.entrypoint.to=")))
    assert (found.hop, found.weight) == (Hop.ENTRYPOINT, Weight.REMARK)
    assert "redirections.entrypoint.to" in found.sentence
    assert only(
        edge_reasons(inside(wanted_of(API), traefik=traefik(args=without("redirections.entrypoint.to="))), None)
    )


def test_a_read_timeout_at_its_default_cuts_uploads() -> None:
    found = only(reasons(REGISTRY, *without("readtimeout")))
    assert (found.hop, found.weight) == (Hop.ENTRYPOINT, Weight.FAULT)
    assert "60s" in found.sentence
    assert reasons(API, *without("readtimeout")) == []
    changed = [word.replace("readtimeout=0", "readTimeout=30s") for word in FLAGS]
    assert "30s" in only(reasons(REGISTRY, *changed)).sentence


def test_an_open_api() -> None:
    for flag in ("--api.insecure=true", "--api.insecure", "--API.Insecure=TRUE"):
        assert "api.insecure" in only(reasons(API, *FLAGS, flag)).sentence
    assert reasons(API, *FLAGS, "--api.insecure=false") == []


def test_what_is_configured_elsewhere_is_not_judged() -> None:
    assert reasons(REGISTRY, "--configfile=/etc/traefik.yml") == []


@pytest.mark.parametrize("hop", [Hop.TCP, Hop.TLS, Hop.ENTRYPOINT])
def test_traefik_is_down(hop: Hop) -> None:
    stopped = [item for item in reasons(API, state="exited", exit_code=1, complaint="bad flag") if item.hop is hop]
    assert [(item.weight, item.sentence) for item in stopped] == [
        (Weight.EXPLAINS, "Traefik's container is exited (1), and says: bad flag")
    ]
    of = wanted_of(API)
    assert [item.sentence for item in edge_reasons(inside(of, traefik=None), of) if item.hop is hop] == [
        "Traefik has no container"
    ]


def test_traefik_ended_by_itself() -> None:
    said = (
        '{"level":"error","error":"command traefik error: failed to decode configuration from flags: field not found, '
        'node: foo","time":"2026-01-01T00:00:01Z","message":"Command error"}'
    )
    of, edge = wanted_of(API), traefik(state="restarting", exit_code=1)
    words = "failed to decode configuration from flags: field not found, node: foo"
    found = edge_reasons(inside(of, traefik=edge, log=tuple(read_log(said))), of)
    assert {item.sentence for item in found} == {f"Traefik's container {edge.standing}, and says: {words}"}


def test_how_flags_are_read() -> None:
    assert flags_of(["--A.b=1", "--api", "serve", "-x", "--c=d=e"]) == {"a.b": "1", "api": "true", "c": "d=e"}

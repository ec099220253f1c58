"""A verdict on every container, and on every service that has none."""

from __future__ import annotations

import json

import pytest

from edgegen.core.finding import Outcome
from edgegen.deploy.backends.compose_ps import read_standing
from edgegen.deploy.health import Standing, Verdict, explain
from edgegen.deploy.model import Project, ServiceModel
from tests.fakes.docker_cli import lines, row

SHOP = Project(
    "shop",
    services=(
        ServiceModel("web", "web:1", finishes=False),
        ServiceModel("job", "job:1", finishes=True),
        ServiceModel("off", "off:1", replicas=0),
    ),
)


def verdicts(standing: Standing) -> dict[str, Verdict]:
    return {found.service: found.verdict for found in standing.rows}


@pytest.mark.parametrize(
    ("state", "health", "code", "web", "job"),
    [
        ("running", "healthy", 0, Verdict.HEALTHY, Verdict.HEALTHY),
        ("running", "", 0, Verdict.HEALTHY, Verdict.HEALTHY),
        ("running", "starting", 0, Verdict.PENDING, Verdict.PENDING),
        ("running", "unhealthy", 0, Verdict.ILL, Verdict.ILL),
        ("running", "a-word-of-tomorrow", 0, Verdict.ILL, Verdict.ILL),
        ("exited", "", 0, Verdict.ILL, Verdict.DONE),
        ("exited", "", 1, Verdict.ILL, Verdict.ILL),
        ("restarting", "", 1, Verdict.ILL, Verdict.ILL),
        ("paused", "", 0, Verdict.ILL, Verdict.ILL),
        ("dead", "", 0, Verdict.ILL, Verdict.ILL),
        ("created", "", 0, Verdict.PENDING, Verdict.PENDING),
    ],
)
def test_verdicts(state: str, health: str, code: int, web: Verdict, job: Verdict) -> None:
    standing = read_standing(SHOP, lines(row("web", state, health, code), row("job", state, health, code)))
    assert verdicts(standing) == {"web": web, "job": job}
    assert standing.ok is ({web, job} <= {Verdict.HEALTHY, Verdict.DONE})


def test_a_service_without_a_container_is_missing_unless_none_is_wanted() -> None:
    standing = read_standing(SHOP, lines(row("web")))
    assert verdicts(standing) == {"web": Verdict.HEALTHY, "job": Verdict.MISSING}
    (finding,) = standing.findings()
    assert (finding.id, finding.subject, finding.outcome) == ("ED002", "job", Outcome.FAIL)


def test_an_older_compose_prints_one_array() -> None:
    standing = read_standing(SHOP, json.dumps([row("web"), row("job")]) + "\n")
    assert standing.ok


def test_nothing_runs() -> None:
    assert set(verdicts(read_standing(SHOP, "")).values()) == {Verdict.MISSING}


def test_a_timeout_is_never_a_pass() -> None:
    standing = read_standing(SHOP, lines(row("web", health="starting"), row("job")))
    assert not standing.ok
    assert [finding.outcome for finding in standing.findings()] == [Outcome.UNKNOWN]


def test_ports_are_shown_once_and_only_when_published() -> None:
    body = {
        **row("web"),
        "Publishers": [
            {"URL": "0.0.0.0", "TargetPort": 80, "PublishedPort": 8080, "Protocol": "tcp"},
            {"URL": "::", "TargetPort": 80, "PublishedPort": 8080, "Protocol": "tcp"},
            {"URL": "", "TargetPort": 9, "PublishedPort": 0, "Protocol": "tcp"},
        ],
    }
    (found, *_) = read_standing(Project("shop"), lines(body)).rows
    assert found.ports == ("0.0.0.0:8080->80/tcp", "[::]:8080->80/tcp")
    assert found.as_json()["ports"] == list(found.ports)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (row("web", "exited", "", 3), "is exited (3)"),
        (row("web", "running", "unhealthy"), "is running and unhealthy"),
        (row("web", "running", "starting"), "is still starting"),
    ],
)
def test_explain(body: dict[str, object], said: str) -> None:
    (found, *_) = read_standing(Project("shop"), lines(body)).rows
    assert explain(found) == said


@pytest.mark.parametrize(
    ("status", "seconds"),
    [("Up Less than a second", 0), ("Up 1 second", 1), ("Up 59 seconds (healthy)", 59), ("Up About a minute", None),
     ("Up 2 minutes", None), ("Up 5 days", None), ("Exited (0) 4 seconds ago", None), ("", None)],
)  # fmt: skip
def test_for_how_long_it_has_been_running(status: str, seconds: int | None) -> None:
    (found, *_) = read_standing(Project("shop"), lines({**row("web"), "Status": status})).rows
    assert found.seconds == seconds


@pytest.mark.parametrize(
    ("status", "restarts", "verdict"),
    [
        ("Up 2 seconds", 0, Verdict.HEALTHY),
        ("Up 2 seconds", 1, Verdict.PENDING),
        ("Up 2 seconds", 3, Verdict.ILL),
        ("Up 9 seconds", 3, Verdict.HEALTHY),
        ("Up 2 hours", 99, Verdict.HEALTHY),
    ],
)
def test_one_that_has_just_been_restarted_is_not_well_because_it_runs(
    status: str, restarts: int, verdict: Verdict
) -> None:
    (found, *_) = read_standing(Project("shop"), lines({**row("web", health=""), "Status": status})).rows
    judged = found.restarted(restarts, steady=9)
    assert judged.verdict is verdict
    assert ("restarts" in judged.as_json()) is (verdict is not Verdict.HEALTHY)
    if verdict is Verdict.ILL:
        assert explain(judged) == "ended and was restarted 3 times, last less than a minute ago"
        assert judged.state_text == "running (3 restarts)"


def test_who_is_to_blame_for_a_failed_start() -> None:
    late, ill = row("web", health="starting"), row("job", "exited", "", 1)
    assert [found.service for found in read_standing(SHOP, lines(late, ill)).suspects] == ["job"]
    assert [found.service for found in read_standing(SHOP, lines(late, row("job"))).suspects] == ["web"]

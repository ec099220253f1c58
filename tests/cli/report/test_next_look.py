"""The command after `verify`: it looks closer at the worst, whole, with what the run was given, and changes nothing."""

from __future__ import annotations

import pytest

from edgegen.cli.report.model import Report
from edgegen.cli.report.next_look import Asked, next_look
from edgegen.core.finding import Outcome, Severity
from tests.cli.report.making import (
    bad,
    calm,
    endpoint,
    finding,
    healthy,
    nowhere,
    open_registry,
    remarked,
    report_of,
    story,
    untold,
)

HOW = Asked(
    ("web",),
    {
        "--no-login": ["--no-login"], "--timeout": ["--timeout", "30"], "--ca-file": ["--ca-file", "ca.pem"],
        "--resolver": ["--resolver", "9.9.9.9", "--resolver", "9.9.9.8"], "-C": ["-C", "my site"], "-e": ["-e", "dev"],
    },
)  # fmt: skip
ASKING = "--resolver 9.9.9.9 --resolver 9.9.9.8"
LOOKING = f"-C 'my site' -e dev --timeout 30 --ca-file ca.pem {ASKING}"


def test_the_worst_of_all_is_explained() -> None:
    assert next_look(story(), Asked()) == "edgegen explain https://commenthouse.com/v2/"


@pytest.mark.parametrize(
    ("report", "command"),
    [
        (calm(3), ""),
        (report_of(), ""),
        (report_of(remarked(), healthy("a.test")), "edgegen rule EV003"),
        (report_of(open_registry()), f"edgegen explain https://commenthouse.com/v2/ {LOOKING}"),
        (
            report_of(untold()),
            "edgegen verify web --no-login --timeout 30 --ca-file ca.pem -C 'my site' -e dev --resolver 1.1.1.1",
        ),
        (report_of(nowhere()), f"edgegen explain https://blog.commenthouse.com/ {LOOKING}"),
    ],
    ids=["good", "nothing", "remark", "registry", "silent-resolver", "no-zone"],
)  # fmt: skip
def test_what_to_run_next(report: Report, command: str) -> None:
    assert next_look(report, HOW) == command


def test_where_the_spec_keeps_the_zone_the_servers_are_compared() -> None:
    of = endpoint("a.example.com", zone="example.com")
    found = [bad(of, "EV001", "dns-resolution", "NXDOMAIN", "dns-nxdomain")]
    assert next_look(report_of((of, None, found)), HOW) == f"edgegen dns status -C 'my site' -e dev {ASKING}"


def test_a_login_is_made_where_it_lacks() -> None:
    of = endpoint("r.example.com", port=8443)
    lacks = finding(
        of, "EV018", "registry-auth", "no password", Outcome.UNKNOWN, Severity.INFO, verdict="registry-no-credentials"
    )
    assert next_look(report_of((of, None, [lacks])), HOW) == "docker login r.example.com:8443"

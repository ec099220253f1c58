"""The one model that every report is made from: what counts as good, and what the JSON object says."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from msgspec import structs
from msgspec.structs import replace

from edgegen.cli.console import json_result
from edgegen.cli.report.model import Report
from edgegen.cli.report.seen import State
from edgegen.cli.report.seen import address as shown
from edgegen.core.finding import Finding, Outcome, Severity
from edgegen.core.grade import Grade, grade
from edgegen.core.location import Location
from edgegen.endpoints import Endpoint
from edgegen.verify.observation import AddressSeen, Failure, Observation, Phase, Response, TlsSeen, Trouble
from tests.cli.report.making import (
    NOW,
    ORIGIN,
    ORIGIN6,
    address,
    calm,
    certificate,
    dead,
    endpoint,
    finding,
    half_dead,
    healthy,
    names,
    passed,
    report_of,
    story,
)  # fmt: skip


@pytest.mark.parametrize(
    "outcome, severity, wanted",
    [
        (Outcome.PASS, Severity.INFO, Grade.GOOD),
        (Outcome.FAIL, Severity.INFO, Grade.REMARK),
        (Outcome.FAIL, Severity.LOW, Grade.REMARK),
        (Outcome.FAIL, Severity.MEDIUM, Grade.BAD),
        (Outcome.FAIL, Severity.CRITICAL, Grade.BAD),
        (Outcome.UNKNOWN, Severity.INFO, Grade.UNKNOWN),
        (Outcome.UNKNOWN, Severity.CRITICAL, Grade.UNKNOWN),
    ],
)
def test_the_grade_of_a_finding(outcome: Outcome, severity: Severity, wanted: Grade) -> None:
    assert grade(Finding("EV001", "x", severity, outcome, "a", "m")) is wanted


def graded(*outcomes: tuple[Outcome, Severity], **more) -> Report:
    of = endpoint("a.example.com")
    found = [finding(of, "EV001", "x", "m", *item) for item in outcomes]
    return report_of((of, Observation(of), found), **more)


GOOD, REMARK = (Outcome.PASS, Severity.INFO), (Outcome.FAIL, Severity.LOW)
UNKNOWN, BAD = (Outcome.UNKNOWN, Severity.INFO), (Outcome.FAIL, Severity.MEDIUM)


@pytest.mark.parametrize(
    "outcomes, wanted, ok",
    [
        ([GOOD], Grade.GOOD, True),
        ([GOOD, REMARK], Grade.REMARK, True),
        ([GOOD, REMARK, UNKNOWN], Grade.UNKNOWN, False),
        ([UNKNOWN, BAD, GOOD], Grade.BAD, False),
        ([], Grade.UNKNOWN, False),
    ],
)
def test_a_run_is_as_good_as_its_worst(outcomes, wanted, ok) -> None:
    report = graded(*outcomes)
    assert (report.grade, report.rows[0].grade, report.ok) == (wanted, wanted, ok)
    assert report.exit_code == {Grade.BAD: 1, Grade.UNKNOWN: 4}.get(wanted, 0)


def test_a_run_that_was_stopped_is_never_good_and_stays_bad() -> None:
    assert graded(GOOD, incomplete=True).grade is Grade.UNKNOWN
    assert not graded(GOOD, incomplete=True).ok
    assert graded(BAD, incomplete=True).grade is Grade.BAD


def test_nothing_looked_at_is_not_good() -> None:
    assert (report_of().grade, report_of().ok) == (Grade.UNKNOWN, False)


def test_an_endpoint_that_was_not_seen_in_full_is_not_good() -> None:
    of, seen, found = healthy("a.example.com")
    half = report_of((of, structs.replace(seen, incomplete=True), found))
    never = report_of((of, None, found))
    assert [report.rows[0].grade for report in (half, never)] == [Grade.UNKNOWN, Grade.UNKNOWN]
    assert [report.rows[0].incomplete for report in (half, never)] == [True, True]
    assert report_of((of, seen, found)).ok


def test_one_endpoint_of_which_nothing_is_said_is_enough_for_exit_4() -> None:
    of, seen, found = healthy("a.example.com")
    other, other_seen, _ = healthy("b.example.com")
    report = report_of((of, seen, found), (other, other_seen, ()))
    assert (report.ok, report.exit_code) == (False, 4)


def test_a_finding_of_no_endpoint_counts_all_the_same() -> None:
    of, seen, found = healthy("a.example.com")
    alien = bad_one("elsewhere")
    report = report_of((of, seen, [*found, alien]))
    assert (report.general, report.grade, report.rows[0].grade) == ((alien,), Grade.BAD, Grade.GOOD)
    assert report.findings[-1] is alien
    assert report.counts["findings"]["bad"] == 1


def bad_one(subject: str, where: Location | None = None) -> Finding:
    return Finding("EV001", "dns-resolution", Severity.HIGH, Outcome.FAIL, subject, "m", where)


def test_services_on_one_host_are_told_apart_by_their_line() -> None:
    first, second = endpoint("a.example.com", "one", 3), endpoint("a.example.com", "two", 9)
    found = [bad_one("a.example.com", Location("edge.yaml", 9, 7)), bad_one("a.example.com")]
    report = report_of((first, Observation(first), passed(first)), (second, Observation(second), found))
    assert [row.grade for row in report.rows] == [Grade.BAD, Grade.BAD]
    assert [len(row.findings) for row in report.rows] == [len(passed(first)) + 1, 1]


def test_the_order_is_that_of_the_endpoints_not_of_the_answers() -> None:
    some = [healthy(f"h{number}.example.com", number=number) for number in range(5)]
    report = Report.of(
        [of for of, _, _ in some], [seen for _, seen, _ in reversed(some)],
        [item for _, _, found in reversed(some) for item in found], started=NOW, seconds=1, version="1",
    )  # fmt: skip
    assert [row.endpoint.host for row in report.rows] == [f"h{number}.example.com" for number in range(5)]
    assert all(row.certificate and row.certificate.names == (row.endpoint.host,) for row in report.rows)


def failed(trouble: Trouble) -> Failure:
    return Failure(trouble, Phase.CONNECT, "")


@pytest.mark.parametrize(
    "seen, state, detail, status",
    [
        (address(ORIGIN), State.ANSWERS, "TLSv1.3", 200),
        (AddressSeen(ORIGIN, tls=TlsSeen(verified=True, protocol="TLSv1.2")), State.ANSWERS, "TLSv1.2", None),
        (dead(ORIGIN), State.DEAD, "connection refused", None),
        (dead(ORIGIN, detail=""), State.DEAD, "refused", None),
        (AddressSeen(ORIGIN6, connect=failed(Trouble.NO_FAMILY)), State.UNKNOWN, "no-family", None),
        (AddressSeen(ORIGIN, connect=failed(Trouble.LOCAL)), State.UNKNOWN, "local", None),
        (AddressSeen(ORIGIN, not_public=True), State.NOT_PUBLIC, "", None),
        (AddressSeen(ORIGIN), State.UNKNOWN, "", None),
        (AddressSeen(ORIGIN, tls=TlsSeen(failed(Trouble.NOT_TLS))), State.NO_TLS, "not-tls", None),
        (AddressSeen(ORIGIN, tls=TlsSeen(failed(Trouble.LOCAL))), State.UNKNOWN, "local", None),
        (address(ORIGIN, verified=False, verify_message="self-signed"), State.UNTRUSTED, "self-signed", 200),
        (
            AddressSeen(ORIGIN, tls=TlsSeen(verified=True), answers=(Response("u", failure=failed(Trouble.TIMEOUT)),)),
            State.NO_ANSWER, "timeout", None,
        ),
    ],
)  # fmt: skip
def test_the_state_of_an_address(seen: AddressSeen, state: State, detail: str, status: int | None) -> None:
    found = shown(seen)
    assert (found.state, found.detail, found.status) == (state, detail, status)


def test_every_state_has_words() -> None:
    assert len({state.words for state in State}) == len(State)


def test_a_family_is_of_the_address() -> None:
    assert [shown(AddressSeen(item)).family for item in (ORIGIN, ORIGIN6, "localhost")] == [4, 6, 0]


@pytest.mark.parametrize(
    "begun, left, share", [(30, 60, 0.6667), (90, -1, 0.0), (-1, 89, 1.0), (0, 0, 0.0), (5, -9, 0)]
)
def test_the_share_of_life_that_is_left(begun: float, left: float, share: float) -> None:
    of = endpoint("a.example.com")
    seen = Observation(of, names(ORIGIN), (address(ORIGIN, certificate("a", begun=begun, left=left)),))
    (found,) = report_of((of, seen, [])).rows[0].certificates
    assert found.share_left == share


def test_certificates_stand_once_each_with_their_addresses() -> None:
    of = endpoint("a.example.com")
    one, other = certificate("a", number=1), certificate("a", number=2)
    seen = (address("192.0.2.1", one), address("192.0.2.2", other), address("192.0.2.3", one, verified=False))
    first, second = report_of((of, Observation(of, addresses=seen), [])).rows[0].certificates
    assert (first.addresses, first.trusted) == (("192.0.2.1", "192.0.2.3"), False)
    assert (second.addresses, second.trusted) == (("192.0.2.2",), True)


def test_counts_are_of_endpoints_and_of_findings() -> None:
    counts = story().counts
    assert counts["endpoints"] == {"bad": 4, "unknown": 1, "remark": 1, "good": 2}
    assert list(counts["findings"]) == ["bad", "unknown", "remark", "good"]
    assert sum(counts["findings"].values()) == len(story().findings)
    assert counts["findings"]["bad"] == 6


def test_times_are_utc_and_in_whole_seconds() -> None:
    body = replace(calm(1), started=NOW + timedelta(microseconds=9)).as_json()
    assert body["started"] == "2026-11-24T13:20:05Z"
    assert body["endpoints"][0]["certificates"][0]["not_after"] == "2027-01-23T13:20:05Z"


def test_what_a_program_reads(capsys: pytest.CaptureFixture[str]) -> None:
    report = report_of(half_dead())
    json_result("verify", report.ok, report.findings, **report.as_json())
    body = json.loads(capsys.readouterr().out)
    assert (body["command"], body["ok"], body["incomplete"]) == ("verify", False, False)
    (row,) = body["endpoints"]
    assert (row["subject"], row["outcome"], row["where"]) == ("www.commenthouse.com", "bad", "edge.yaml:18:7")
    assert [item["state"] for item in row["addresses"]] == ["untrusted", "dead"]
    assert {item["subject"] for item in body["findings"]} == {"www.commenthouse.com"}


def test_a_push_keeps_its_addresses_to_itself() -> None:
    (row,) = [row for row in story().rows if row.push]
    assert "Location" not in json.dumps(row.as_json())
    assert row.as_json()["push"]["steps"][2]["fault"].startswith("413")


def test_an_endpoint_is_not_changed_by_equal_ones() -> None:
    of = Endpoint("a", "a.example.com")
    report = report_of((of, Observation(Endpoint("a", "a.example.com"), seconds=3), []))
    assert report.rows[0].seconds == 3

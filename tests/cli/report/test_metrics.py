"""Metrics as Prometheus' own parser reads them: names and labels are what docs/guide/reports.md promises."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import example, given
from msgspec.structs import replace
from prometheus_client.parser import text_string_to_metric_families

from edgegen.cli.report.metrics import metrics
from edgegen.cli.report.model import Report
from edgegen.core.grade import Grade
from tests.cli.report.making import NOW, calm, half_dead, healthy, report_of, story
from tests.cli.report.strategies import reports

PAGE = Path(__file__).parents[3] / "docs/guide/reports.md"
Series = tuple[str, frozenset[tuple[str, str]]]


def read(report: Report) -> dict[Series, float]:
    """Each series once; the parser raises for what is not the format."""
    found: dict[Series, float] = {}
    for family in text_string_to_metric_families(metrics(report)):
        assert family.type == "gauge"
        assert family.documentation
        for sample in family.samples:
            assert sample.timestamp is None
            key = (sample.name, frozenset(sample.labels.items()))
            assert key not in found, key
            found[key] = sample.value
    return found


def value(report: Report, metric: str, /, **labels: str) -> float:
    """The one series of that name whose labels include these."""
    (one,) = [
        number
        for (known, own), number in read(report).items()
        if known == f"edgegen_verify_{metric}" and labels.items() <= dict(own).items()
    ]
    return one


def test_a_good_run() -> None:
    report = replace(calm(), project="shop", environment="dev")
    assert value(report, "info", project="shop", environment="dev", version="0.4.0") == 1
    assert value(report, "success") == value(report, "complete") == 1
    assert value(report, "last_run_timestamp_seconds") == NOW.timestamp()
    assert value(report, "duration_seconds") == 4.217
    assert [value(report, "endpoints", outcome=item) for item in Grade] == [3, 0, 0, 0]
    assert value(report, "endpoint_outcome", endpoint="h0.example.com", service="s0", path="/") == 0
    assert value(report, "addresses", endpoint="h0.example.com") == 2
    assert value(report, "addresses_answering", endpoint="h0.example.com") == 2
    ends = value(report, "certificate_not_after_timestamp_seconds", endpoint="h0.example.com")
    assert ends == NOW.timestamp() + 60 * 86_400


def test_a_bad_run() -> None:
    report = report_of(half_dead(), healthy("a.example.com"))
    assert value(report, "success") == 0
    assert [value(report, "endpoints", outcome=item) for item in Grade] == [1, 0, 0, 1]
    assert value(report, "endpoint_outcome", endpoint="www.commenthouse.com") == 3
    assert value(report, "check_outcome", endpoint="www.commenthouse.com", check="EV006", name="connection") == 3
    assert value(report, "check_outcome", endpoint="www.commenthouse.com", check="EV003") == 2
    assert value(report, "check_outcome", endpoint="a.example.com", check="EV003", name="certificate-expiry") == 0
    assert value(report, "addresses_answering", endpoint="www.commenthouse.com") == 0


def test_what_was_not_checked_is_not_good() -> None:
    report = replace(report_of((healthy("a.example.com")[0], None, [])), incomplete=True)
    assert value(report, "complete") == value(report, "success") == 0
    assert value(report, "endpoint_outcome", endpoint="a.example.com") == 2


@pytest.mark.slow
@given(report=reports())
@example(report=replace(calm(), project="a\tb", version="\t"))
def test_any_run_is_read_and_nothing_in_it_is_syntax(report: Report) -> None:
    found = read(report)
    text = metrics(report)
    assert text.endswith("\n")
    assert len(found) == len([line for line in text.split("\n") if line and not line.startswith("#")])
    assert ("edgegen_verify_success", frozenset()) in found
    assert re.fullmatch(r"[^\x00-\x09\x0b-\x1f\x7f]*", text)
    text.encode()


def test_the_parser_would_complain() -> None:
    for broken in ('a{b="x} 1\n', "a{b=c} 1\n", "1a 1\n", 'a{b="x"} one\n'):
        with pytest.raises(ValueError):
            list(text_string_to_metric_families(broken))


def test_every_metric_is_documented() -> None:
    names = {name.removeprefix("edgegen_verify_") for name, _ in read(story())}
    documented = set(re.findall(r"^\| `edgegen_verify_([a-z_]+)`", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    assert documented == names

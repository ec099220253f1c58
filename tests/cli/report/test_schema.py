"""The published form of `verify --json`: strict, described, met by every report, and it refuses what is not one."""

from __future__ import annotations

import copy
import io
import json
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator, FormatChecker

from edgegen.cli.console import json_error, json_result
from edgegen.cli.report.model import Report
from edgegen.core.errors import UsageError
from tests.cli.report.making import calm, report_of, story
from tests.cli.report.strategies import reports
from tests.conftest import Edgegen

PUBLISHED = Path(__file__).parents[3] / "templates/schema/verify.schema.json"
Body = dict[str, Any]


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads(PUBLISHED.read_text()), format_checker=FormatChecker())


def printed(call: Callable[[], None]) -> Body:
    """What a command printed, read back."""
    stream = io.StringIO()
    with redirect_stdout(stream):
        call()
    body: Body = json.loads(stream.getvalue())
    return body


def body_of(report: Report) -> Body:
    return printed(lambda: json_result("verify", report.ok, report.findings, **report.as_json()))


def nodes(value: Any) -> Iterator[Body]:
    if isinstance(value, dict):
        yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from nodes(item)


def test_it_is_a_schema(validator: Draft202012Validator) -> None:
    assert validator.schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(validator.schema)
    for node in nodes(validator.schema):
        if "$ref" in node:
            assert node["$ref"].removeprefix("#/$defs/") in validator.schema["$defs"]


def test_every_object_is_closed_and_every_key_is_described(validator: Draft202012Validator) -> None:
    objects = [node for node in nodes(validator.schema) if node.get("type") == "object"]
    assert len(objects) > 8
    for node in objects:
        assert node["additionalProperties"] is False
        assert set(node["required"]) <= set(node["properties"])
        assert len(node["description"]) > 3
        for key, value in node["properties"].items():
            assert len(value.get("description", "")) > 3, key


@pytest.mark.parametrize("report", [story(), calm(), report_of(), story(incomplete=True)])
def test_reports_meet_it(validator: Draft202012Validator, report: Report) -> None:
    validator.validate(body_of(report))


@pytest.mark.slow
@given(report=reports())
def test_any_report_meets_it(validator: Draft202012Validator, report: Report) -> None:
    validator.validate(body_of(report))


def test_an_error_meets_it(validator: Draft202012Validator) -> None:
    validator.validate(printed(lambda: json_error("verify", UsageError("no such name", hint="did you mean `web`?"))))


def _set(*path: Any) -> Callable[[Body], None]:
    *keys, last, value = path

    def change(body: Body) -> None:
        for key in keys:
            body = body[key]
        body[last] = value

    return change


def _drop(*path: Any) -> Callable[[Body], None]:
    *keys, last = path

    def change(body: Body) -> None:
        for key in keys:
            body = body[key]
        del body[last]

    return change


WRONG = {
    "unknown key": _set("extra", 1),
    "unknown key of an endpoint": _set("endpoints", 0, "extra", 1),
    "unknown key of an address": _set("endpoints", 0, "addresses", 0, "extra", 1),
    "missing": _drop("counts"),
    "missing in an endpoint": _drop("endpoints", 0, "outcome"),
    "missing in a finding": _drop("findings", 0, "message"),
    "another version": _set("schema_version", 2),
    "another command": _set("command", "lint"),
    "good and yet bad": _set("ok", True),
    "outcome of no list": _set("outcome", "fine"),
    "outcome of a finding": _set("findings", 0, "outcome", "skipped"),
    "severity": _set("findings", 0, "severity", "urgent"),
    "id": _set("findings", 0, "id", "3"),
    "verdict": _set("findings", 0, "verdict", "Two Words"),
    "state": _set("endpoints", 0, "addresses", 0, "state", "maybe"),
    "family": _set("endpoints", 0, "addresses", 0, "family", 5),
    "status": _set("endpoints", 0, "addresses", 0, "status", 0),
    "share above all": _set("endpoints", 0, "certificates", 0, "share_left", 1.5),
    "time without a zone": _set("endpoints", 0, "certificates", 0, "not_after", "2027-01-23T13:20:05"),
    "a month that is none": _set("started", "2027-13-30T13:20:05Z"),
    "negative": _set("seconds", -1),
    "a count that is text": _set("counts", "endpoints", "bad", "4"),
    "kind": _set("endpoints", 0, "kind", "ftp"),
    "url": _set("endpoints", 0, "url", "http://example.com"),
    "where": _set("findings", 0, "where", {"file": "edge.yaml"}),
    "an error beside a run": _set("error", {"exit_code": 2, "problems": []}),
}


@pytest.mark.quick(6)
@pytest.mark.parametrize("change", WRONG.values(), ids=WRONG)
def test_what_is_no_report_is_refused(validator: Draft202012Validator, change: Callable[[Body], None]) -> None:
    body = copy.deepcopy(body_of(story()))
    validator.validate(body)
    change(body)
    assert not validator.is_valid(body)


LIES = {
    "unknown": _set("outcome", "unknown"),
    "incomplete": _set("incomplete", True),
    "an endpoint is bad": _set("counts", "endpoints", "bad", 1),
    "nothing was checked": _set("endpoints", []),
    "not ok": _set("ok", False),
}


@pytest.mark.parametrize("change", LIES.values(), ids=LIES)
def test_a_good_run_has_nothing_else_in_it(validator: Draft202012Validator, change: Callable[[Body], None]) -> None:
    body = body_of(calm())
    assert body["ok"] is True
    change(body)
    assert not validator.is_valid(body)


def test_it_is_printed_as_it_is_kept(edgegen: Edgegen, tmp_path: Path) -> None:
    shown = edgegen("schema", "verify", cwd=tmp_path)
    assert (shown.code, shown.out) == (0, PUBLISHED.read_text())
    assert json.loads(edgegen("schema", "verify", "--json", cwd=tmp_path).out)["schema"] == json.loads(shown.out)
    assert edgegen("schema", "edge", cwd=tmp_path).out == edgegen("schema", cwd=tmp_path).out
    assert edgegen("schema", "lint", cwd=tmp_path).code == 2
    assert list(tmp_path.iterdir()) == []

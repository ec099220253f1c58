"""Traefik's log as data: lines as 3.7.15 wrote them."""

# ruff: noqa: E501 - lines of a log stand as they are

from __future__ import annotations

import json

import pytest

from edgegen.traefik.log import LogLine, read_log, since

ID = "a3fc168331fdd39d170b0c1fb4fce4365fce5685f1ccf619cc45270af9b35822"
AT = "2026-11-24T13:34:14Z"
LINES = {
    f'{AT} ERR error="field not found, node: certresolvers" container=typo-{ID} providerName=docker': LogLine(
        "error", "", "field not found, node: certresolvers", AT,
        {"container": f"typo-{ID}", "providerName": "docker"},
    ),
    f'{AT} ERR error="the service \\"nope@docker\\" does not exist" entryPointName=websecure routerName=svc@docker': LogLine(
        "error", "", 'the service "nope@docker" does not exist', AT,
        {"entryPointName": "websecure", "routerName": "svc@docker"},
    ),
    f'{AT} ERR HTTP router defined multiple times with different configurations configuration=["dup1-a1","dup2-b2"] '
    "providerName=docker routerName=dup": LogLine(
        "error", "HTTP router defined multiple times with different configurations", "", AT,
        {"configuration": '["dup1-a1","dup2-b2"]', "providerName": "docker", "routerName": "dup"},
    ),
    f"{AT} ERR Router uses a nonexistent certificate resolver certificateResolver=nope routerName=res@docker": LogLine(
        "error", "Router uses a nonexistent certificate resolver", "", AT,
        {"certificateResolver": "nope", "routerName": "res@docker"},
    ),
    f'{AT} WRN Could not find network named "nope" for container "/net". Maybe you\'re missing the project\'s prefix in the '
    "label? container=net-1 providerName=docker serviceName=net": LogLine(
        "warning",
        'Could not find network named "nope" for container "/net". Maybe you\'re missing the project\'s prefix in the '
        "label?", "", AT, {"container": "net-1", "providerName": "docker", "serviceName": "net"},
    ),
    json.dumps({"level": "error", "error": "no users found in ", "routerName": "a@docker", "time": AT, "message": ""}):
        LogLine("error", "", "no users found in ", AT, {"routerName": "a@docker"}),
}  # fmt: skip


@pytest.mark.parametrize("line", LINES)
def test_lines(line: str) -> None:
    assert list(read_log(line)) == [LINES[line]]


@pytest.mark.parametrize("line", LINES)
def test_the_engines_time_and_colours(line: str) -> None:
    engine = "2026-11-24T13:34:15.123456789Z"
    (found,) = read_log(f"{engine} {line.replace('ERR', chr(27) + '[31mERR' + chr(27) + '[0m')}\n")
    assert (found.at, found.text) == (engine, LINES[line].text)


@pytest.mark.parametrize(
    "line",
    ["", "nonsense", f"{AT} INF Starting provider *docker.Provider", "More details: https://doc.traefik.io/", "{", "{}",
     '192.0.2.1 - - [24/Nov/2026:13:34:14 +0000] "GET / HTTP/1.1" 404 19 "-" "2026-11-24T13:34:14Z ERR error=x" 1 "-"',
     f'{AT} 192.0.2.1 - - [24/Nov/2026] "GET / HTTP/1.1" 404 19 "-" "x ERR y"',
     '{"level":"info","msg":"","RequestPath":"/","time":"now"}', '[{"level":"error"}]', "traefik-1 | {\"level\": 5}"],
)  # fmt: skip
def test_what_is_no_complaint(line: str) -> None:
    assert list(read_log(line)) == []


def test_since() -> None:
    lines = [LogLine("error", "", at=at) for at in (
        "2026-11-24T13:34:14Z", "2026-11-24T13:34:14.000000001Z", "2026-11-24T13:34:14.5Z", "2026-11-24T13:34:15Z", ""
    )]  # fmt: skip
    assert since(lines, "2026-11-24T13:34:14.1Z") == lines[2:]
    assert since(lines, "2026-11-24T13:34:14Z") == lines
    assert since(lines, "") == lines


@pytest.mark.parametrize(
    "deep", ['{"a":' * 100_000, '{"level": ' + "[" * 100_000, '{"level": "error", "a": ' + "[" * 900 + "]" * 900 + "}"]
)
def test_a_line_that_is_nested_too_deep_stops_nothing(deep: str) -> None:
    assert len(list(read_log(f"{deep}\n{AT} ERR after it\n"))) in (1, 2)
    assert list(read_log(f"{deep}\n{AT} ERR after it\n"))[-1].message == "after it"

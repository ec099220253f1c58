"""Rules of Traefik 2 in the words of Traefik 3: by a table, and by the real Traefik, which still reads both."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from edgegen.oracle.process import free_port
from edgegen.traefik.rule_upgrade import upgraded
from tests.traefik.process import running

SAME = (
    ("Host(`a.test`)", "Host(`a.test`)"),
    ("Host(`a.test`,`b.test`)", "Host(`a.test`) || Host(`b.test`)"),
    ("Host(`a.test`,`b.test`) && Path(`/x`)", "(Host(`a.test`) || Host(`b.test`)) && Path(`/x`)"),
    ("!Host(`a.test`,`b.test`)", "!(Host(`a.test`) || Host(`b.test`))"),
    ("(Host(`a.test`) || Path(`/x`)) && Method(`GET`,`POST`)",
     "(Host(`a.test`) || Path(`/x`)) && (Method(`GET`) || Method(`POST`))"),
    ("HostHeader(`a.test`)", "Host(`a.test`)"),
    ("HostRegexp(`a.test`)", "Host(`a.test`)"),
    ("HostRegexp(`{sub:[a-z]+}.a.test`)", r"HostRegexp(`^[a-z]+\.a\.test$`)"),
    ("HostRegexp(`{sub}.a.test`, `{x:b|c}.test`)", r"HostRegexp(`^[^.]+\.a\.test$`) || HostRegexp(`^(?:b|c)\.test$`)"),
    ("Path(`/u/{id:[0-9]+}/x`)", "PathRegexp(`^/u/[0-9]+/x$`)"),
    ("PathPrefix(`/u/{id}`, `/x`)", "PathRegexp(`^/u/[^/]+`) || PathPrefix(`/x`)"),
    ("Headers(`X-A`, `1`)", "Header(`X-A`, `1`)"),
    ("Headers(`X-A`, `1`, `X-B`, `2`)", "Header(`X-A`, `1`) && Header(`X-B`, `2`)"),
    ("!Headers(`X-A`, `1`, `X-B`, `2`)", "!(Header(`X-A`, `1`) && Header(`X-B`, `2`))"),
    ("HeadersRegexp(`X-A`, `^[0-9]+$`)", "HeaderRegexp(`X-A`, `^[0-9]+$`)"),
    ("Query(`a=b`)", "Query(`a`, `b`)"),
    ("Query(`a=b`, `c=d`) || Path(`/x`)", "Query(`a`, `b`) && Query(`c`, `d`) || Path(`/x`)"),
    ("Query(`a={x:[0-9]+}`)", "QueryRegexp(`a`, `^[0-9]+$`)"),
    ("ClientIP(`127.0.0.0/8`, `10.0.0.1`)", "ClientIP(`127.0.0.0/8`) || ClientIP(`10.0.0.1`)"),
)  # fmt: skip


@pytest.mark.parametrize(("old", "new"), SAME)
def test_a_rule_is_rewritten(old: str, new: str) -> None:
    assert upgraded(old) == new


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("HostSNI(`a.test`,`b.test`)", "HostSNI(`a.test`) || HostSNI(`b.test`)"),
        ("HostSNI(`*`)", "HostSNI(`*`)"),
        ("HostSNIRegexp(`{x:.+}.a.test`)", r"HostSNIRegexp(`^.+\.a\.test$`)"),
    ],
)
def test_a_rule_of_tcp_is_rewritten(old: str, new: str) -> None:
    assert upgraded(old, "tcp") == new


@pytest.mark.parametrize(
    "old",
    ["", "Host(a.test)", "Hosts(`a`)", "HostRegexp(`{a:$x}.test`)", "HostRegexp(`${D}.{a:.+}`)", "Headers(`X`)",
     "HostRegexp(`{a:.+`)", "Query(`{a:.+}=b`)"],
)  # fmt: skip
def test_what_has_no_certain_form_is_left(old: str) -> None:
    assert upgraded(old) is None


def test_compose_s_dollar_signs_are_doubled() -> None:
    assert upgraded("HostRegexp(`{a:.+}.test`)", dollar="$$") == r"HostRegexp(`^.+\.test$$`)"


REQUESTS = (
    ("GET", "/", "a.test", ""), ("GET", "/x", "b.test", ""), ("POST", "/x", "a.test", ""), ("PUT", "/x", "c.test", ""),
    ("GET", "/", "c.test", ""), ("GET", "/", "www.a.test", ""), ("GET", "/", "w1.a.test", ""),
    ("GET", "/", "x.y.a.test", ""), ("GET", "/", "b.test", ""), ("GET", "/u/7/x", "z.test", ""),
    ("GET", "/u/7/x/y", "z.test", ""), ("GET", "/u/b", "z.test", ""), ("GET", "/u/", "z.test", ""),
    ("GET", "/", "z.test", "X-A: 1"), ("GET", "/", "z.test", "X-A: 1\r\nX-B: 2"), ("GET", "/", "z.test", "X-A: 1a"),
    ("GET", "/?a=b", "z.test", ""), ("GET", "/?a=b&c=d", "z.test", ""), ("GET", "/?a=17", "z.test", ""),
    ("GET", "/?a=", "z.test", ""), ("GET", "/", "xa.test", ""), ("GET", "/xx", "z.test", ""),
)  # fmt: skip


def status(port: int, case: int, request: tuple[str, str, str, str]) -> int:
    method, path, host, headers = request
    more = f"{headers}\r\n" if headers else ""
    text = f"{method} {path} HTTP/1.1\r\nHost: {host}\r\nX-Case: n{case}\r\nConnection: close\r\n{more}\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(text.encode())
        return int(connection.makefile("rb").readline().split()[1])


def answers(rules: list[tuple[str, str]], folder: Path) -> list[tuple[list[int], list[int]]]:
    """For each pair what the old and the new rule answer to all requests: 418 where it matches."""
    routers = {}
    for index, (old, new) in enumerate(rules):
        routers[f"old{index}"] = {"rule": f"Headers(`X-Case`, `n{index}`) && ({old})", "ruleSyntax": "v2",
                                  "entryPoints": ["old"], "service": "noop@internal"}  # fmt: skip
        routers[f"new{index}"] = {"rule": f"Header(`X-Case`, `n{index}`) && ({new})", "entryPoints": ["web"],
                                  "service": "noop@internal"}  # fmt: skip
    file = folder / "all.yml"
    file.write_text(json.dumps({"http": {"routers": routers}}))
    port = free_port()
    flags = [f"--providers.file.filename={file}", f"--entrypoints.old.address=127.0.0.1:{port}"]
    with running(flags) as traefik:
        data = traefik.until(
            lambda data: len([name for name in data.get("routers", {}) if "@file" in name]) == 2 * len(rules)
        )
        assert all(item["status"] == "enabled" for item in data["routers"].values()), data["routers"]
        traefik.until(lambda _: status(traefik.web_port, 0, ("GET", "/", "a.test", "")) == 418)
        return [
            ([status(port, index, item) for item in REQUESTS],
             [status(traefik.web_port, index, item) for item in REQUESTS])
            for index in range(len(rules))
        ]  # fmt: skip


@pytest.mark.slow
def test_the_real_traefik_answers_both_alike(tmp_path: Path) -> None:
    found = answers([*SAME, ("Host(`a.test`,`b.test`)", "Host(`a.test`)")], tmp_path)
    for (old, _), (before, after) in zip(SAME, found, strict=False):
        assert before == after, old
        assert 418 in before and (404 in before or "ClientIP" in old), old
    before, after = found[-1]
    assert before != after, "a planted fault: half of the rule"

"""Rules of routers."""

from __future__ import annotations

import pytest

from edgegen.traefik.rules import host_rule, host_sni_rule, quoted, wildcard_of


@pytest.mark.parametrize(
    ("hosts", "path", "methods", "wildcards", "rule"),
    [
        (["a.test"], None, (), True, "Host(`a.test`)"),
        (["a.test", "b.test"], None, (), True, "Host(`a.test`) || Host(`b.test`)"),
        (["a.test", "b.test"], "/x", (), True, "(Host(`a.test`) || Host(`b.test`)) && PathPrefix(`/x`)"),
        (["a.test"], "/x", ("GET",), True, "Host(`a.test`) && PathPrefix(`/x`) && Method(`GET`)"),
        (["a.test"], None, ("GET", "HEAD"), True, "Host(`a.test`) && (Method(`GET`) || Method(`HEAD`))"),
        (["*.a.test"], None, (), True, "Host(`*.a.test`)"),
        (["*.a-b.test"], None, (), False, r"HostRegexp(`^[a-zA-Z0-9_-]+\.a-b\.test$`)"),
    ],
)
def test_host_rule(hosts: list[str], path: str | None, methods: tuple[str, ...], wildcards: bool, rule: str) -> None:
    assert host_rule(hosts, path, methods=methods, wildcard_matcher=wildcards) == rule


def test_host_sni_rule() -> None:
    assert host_sni_rule(["*"]) == "HostSNI(`*`)"
    assert host_sni_rule(["a.test", "*.b.test"]) == (r"HostSNI(`a.test`) || HostSNIRegexp(`^[a-zA-Z0-9_-]+\.b\.test$`)")


def test_a_rule_without_hosts_would_match_everything() -> None:
    for build in (host_rule, host_sni_rule):
        with pytest.raises(ValueError, match="needs a host"):
            build([])


@pytest.mark.parametrize(
    ("value", "argument"),
    [
        ("/a b\\n\"'${x}", "`/a b\\n\"'${x}`"),
        ("/a`b", '"/a`b"'),
        ('/`"\\', '"/`\\"\\\\"'),
        ("/a\r\n\t", '"/a\\r\\n\\t"'),
        ("/\x00\x7f\ufeff", '"/\\u0000\\u007f\\ufeff"'),
        ("/`\U000e0001", '"/`\\U000e0001"'),
        ("/`😀", '"/`😀"'),
    ],
)
def test_arguments_are_go_strings(value: str, argument: str) -> None:
    assert quoted(value) == argument


def test_half_a_character_is_refused() -> None:
    with pytest.raises(ValueError, match="surrogate"):
        quoted("/\ud800")


@pytest.mark.parametrize("host", ["*.b.test", "*.xn--bcher-kva.b-c.test"])
def test_a_wildcard_is_read_back_from_its_pattern(host: str) -> None:
    for rule in (host_sni_rule([host]), host_rule([host], wildcard_matcher=False)):
        assert wildcard_of(rule.partition("`")[2].partition("`")[0]) == host


@pytest.mark.parametrize(
    "pattern", ["", "^$", r"^[a-zA-Z0-9_-]+\.b.test$", r"^[a-zA-Z0-9_-]+\.(a|b)\.test$", r"^.+\.b\.test$"]
)
def test_no_other_pattern_is_a_wildcard(pattern: str) -> None:
    assert wildcard_of(pattern) == ""

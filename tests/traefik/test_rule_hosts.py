"""The hosts of a rule."""

from __future__ import annotations

import pytest

from edgegen.traefik.rule_hosts import hosts_of, rule_names


@pytest.mark.parametrize(
    ("rule", "hosts"),
    [
        ("Host(`a.test`)", ("a.test",)),
        ("(Host(`A.test`) || host( `b.test.` )) && PathPrefix(`/x`)", ("a.test", "b.test")),
        ('Host("a.test")', ("a.test",)),
        ("Host(`a.test`,`b.test`)", ("a.test", "b.test")),
        ("HostSNI(`*`)", ("*",)),
        ("HostRegexp(`^.+[.]a[.]test$`)", ()),
        ("Header(`Host`, `a.test`)", ()),
        ("Host(a.test)", ()),
        ("", ()),
    ],
)
def test_hosts(rule: str, hosts: tuple[str, ...]) -> None:
    assert hosts_of(rule) == hosts


@pytest.mark.parametrize(
    ("rule", "named"),
    [("Host(`a.test`)", True), ("Host(`*.test`)", True), ("Host(`b.test`)", False), ("Host(`*.a.test`)", False)],
)
def test_a_host_is_named(rule: str, named: bool) -> None:
    assert rule_names(rule, "a.test") is named

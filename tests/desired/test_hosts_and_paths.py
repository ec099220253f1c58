"""Several hosts and paths of one service: its endpoints with their lines, its records, and who else may have them."""

from __future__ import annotations

import pytest

from edgegen.core.errors import SpecError
from edgegen.desired.endpoints import endpoints
from edgegen.desired.records import records
from edgegen.endpoints import Aspect, Kind
from edgegen.project.checked import checked
from edgegen.spec.load import load_text

SPEC = """\
name: a
domains:
  e.test: {addresses: [192.0.2.1]}
  o.test: {provider: none, addresses: [192.0.2.9]}
services:
  web:
    image: "w:1"
    port: 80
    hosts:
      - www.e.test
      - www.o.test
    aliases: [e.test]
    paths:
      - /x
      - /y
  pg: {kind: tcp, image: "p:1", hosts: [p1.e.test, p2.e.test], entrypoint: pg, listen: 5432, port: 5432}
  old: {kind: redirect, hosts: [o1.e.test, o2.e.test], to: "https://www.e.test"}
"""


def test_an_endpoint_for_each_host_and_path() -> None:
    loaded = load_text(SPEC.encode())
    found = endpoints(loaded.spec, loaded.locate)
    assert [(item.name, item.kind, item.host, item.path, item.shown) for item in found] == [
        ("web", Kind.WEB, "www.e.test", "/x", "www.e.test/x"),
        ("web", Kind.WEB, "www.e.test", "/y", "www.e.test/y"),
        ("web", Kind.WEB, "www.o.test", "/x", "www.o.test/x"),
        ("web", Kind.WEB, "www.o.test", "/y", "www.o.test/y"),
        ("web", Kind.REDIRECT, "e.test", "/", "e.test"),
        ("pg", Kind.TLS, "p1.e.test", "/", "p1.e.test:5432"),
        ("pg", Kind.TLS, "p2.e.test", "/", "p2.e.test:5432"),
        ("old", Kind.REDIRECT, "o1.e.test", "/", "o1.e.test"),
        ("old", Kind.REDIRECT, "o2.e.test", "/", "o2.e.test"),
    ]
    lines = [place.line for item in found if (place := item.place(Aspect.HOST))]
    assert lines == [10, 10, 11, 11, 12, 16, 16, 17, 17]
    goal = found[4].goal
    assert goal is not None
    assert goal.url == "https://www.e.test"


def test_names_kept_elsewhere_are_looked_at_and_not_planned() -> None:
    spec = load_text(SPEC.encode()).spec
    assert {item.ipv4 for item in endpoints(spec) if item.host == "www.o.test"} == {("192.0.2.9",)}
    assert [record.name for record in records(spec)] == [
        "www.e.test", "e.test", "p1.e.test", "p2.e.test", "o1.e.test", "o2.e.test",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("services", "places"),
    [
        ("{a: {image: 'w:1', port: 80, hosts: [x.test, y.test]}, b: {image: 'w:1', port: 80, hosts: [z.test, y.test]}}",
         ["edge.yaml:2:110"]),
        ("{a: {image: 'w:1', port: 80, hosts: [x.test, x.test]}}", ["edge.yaml:2:56"]),
        ("{a: {image: 'w:1', port: 80, host: x.test, paths: [/a, /b]}, b: {image: 'w:1', port: 80, host: x.test, "
         "paths: [/c, /b/]}}", ["edge.yaml:2:106"]),
        ("{a: {image: 'w:1', port: 80, host: x.test, paths: [/a, /a]}}", ["edge.yaml:2:61"]),
    ],
)  # fmt: skip
def test_a_host_and_path_have_one_owner(services: str, places: list[str]) -> None:
    with pytest.raises(SpecError, match=r"already served|named twice") as caught:
        checked(load_text(f"name: a\nservices: {services}\n".encode()))
    assert [str(problem.where) for problem in caught.value.problems] == places


def test_other_paths_of_the_same_hosts_are_free() -> None:
    services = (
        "{a: {image: 'w:1', port: 80, hosts: [x.test, y.test]}, "
        "b: {image: 'w:1', port: 80, hosts: [x.test, y.test], paths: [/p, /q]}}"
    )
    assert checked(load_text(f"name: a\nservices: {services}\n".encode())) == []


def test_a_wildcard_among_hosts_needs_the_dns_challenge() -> None:
    text = "name: a\nservices: {a: {image: 'w:1', port: 80, hosts: [x.test, '*.x.test']}}"
    with pytest.raises(SpecError, match=r"`\*.x.test` is a wildcard") as caught:
        checked(load_text(text.encode()))
    assert str(caught.value.problems[0].where) == "edge.yaml:2:56"

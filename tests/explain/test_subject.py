"""What a URL means, with a spec and without."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgegen.core.errors import SpecError, UsageError
from edgegen.endpoints import Kind
from edgegen.explain.subject import Subject, subject_of
from tests.explain.making import SPEC

MORE = """\
  wild: {image: "w:1", port: 80, host: "*.example.com"}
  deep: {image: "d:1", port: 80, host: www.example.com, path: /deep}
  pg: {kind: tcp, image: "p:1", host: pg.example.com, entrypoint: pg, listen: 5432, port: 5432}
edge: {ports: {web: 8080, websecure: 443}, dashboard: {host: traefik.example.com, users: [ops]}}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    spec = SPEC.partition("edge:")[0] + MORE
    (tmp_path / "edge.yaml").write_text(spec.replace("acme: {", "acme: {challenge: dns, "))
    return tmp_path


def asked(project: Path, url: str) -> Subject:
    return subject_of(project, None, url, {})


@pytest.mark.parametrize(
    ("url", "service", "path"),
    [
        ("https://www.example.com", "web", "/"),
        ("www.example.com", "web", "/"),
        ("HTTPS://WWW.Example.com./", "web", "/"),
        ("https://www.example.com/some/page?x=1#y", "web", "/some/page"),
        ("https://www.example.com/deep/er", "deep", "/deep/er"),
        ("https://www.example.com/deep", "deep", "/deep"),
        ("http://www.example.com:8080/", "web", "/"),
        ("https://r.example.com/v2/", "registry", "/"),
        ("https://r.example.com/v2/_catalog", "registry", "/v2/_catalog"),
        ("https://anything.example.com/", "wild", "/"),
        ("https://old.example.com/x", "old", "/x"),
        ("https://traefik.example.com/dashboard/", "dashboard", "/dashboard/"),
        ("https://pg.example.com:5432/ignored", "pg", "/"),
    ],
)
def test_hosts_of_the_spec(project: Path, url: str, service: str, path: str) -> None:
    found = asked(project, url)
    assert found.in_spec
    assert (found.endpoint.name, found.endpoint.path) == (service, path)
    assert found.endpoint.host in url.lower()
    assert found.wanted is not None
    assert found.notes == ()


def test_a_wildcards_own_name_is_asked_for(project: Path) -> None:
    found = asked(project, "https://a.example.com").endpoint
    assert (found.host, found.shown) == ("a.example.com", "*.example.com")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://www.example.net/", "has no host www.example.net"),
        ("https://a.b.example.com/", "has no host"),
        ("https://www.example.com:8443/", "on port 443"),
        ("http://www.example.com/", "on port 8080"),
        ("https://pg.elsewhere.example.com:5432/", "has no host"),
    ],
)
def test_what_the_spec_does_not_know_is_a_strangers(project: Path, url: str, said: str) -> None:
    found = asked(project, url)
    assert not found.in_spec
    assert found.endpoint.ipv4 is None
    assert said in found.notes[0]


def test_without_a_spec(tmp_path: Path) -> None:
    found = asked(tmp_path, "http://www.example.com:8080/x")
    assert (found.endpoint.port, found.endpoint.web_port, found.endpoint.path) == (443, 8080, "/x")
    assert "no edge.yaml" in found.notes[0]
    assert asked(tmp_path, "https://r.example.com/v2/").endpoint.kind is Kind.REGISTRY


@pytest.mark.parametrize(
    "url",
    ["", "/", "ftp://www.example.com", "https://", "https://nodots", "http://www.example.com:99999", "https://192.0.2.1",
     "http://me:secret@www.example.com", "https://me:secret@www.example.com", "https://[::1]/",
     "https://a b.example.com", "http://www.example.com:0x/"],
)  # fmt: skip
def test_what_is_no_url(tmp_path: Path, url: str) -> None:
    with pytest.raises(UsageError) as caught:
        asked(tmp_path, url)
    assert "secret" not in str(caught.value)


def test_a_wrong_spec_is_said(tmp_path: Path) -> None:
    (tmp_path / "edge.yaml").write_text("name: [")
    with pytest.raises(SpecError):
        asked(tmp_path, "https://www.example.com")


def test_a_host_of_a_router_of_ones_own_is_known_with_its_line(project: Path) -> None:
    file = project / "edge.yaml"
    own = '  inner: {image: "i:1", traefik_labels: {traefik.http.routers.own.rule: "Host(`own.test`)"}}\n'
    file.write_text(file.read_text().replace("  wild:", f"{own}  wild:"))
    line = file.read_text().splitlines().index(own.rstrip()) + 1
    found = asked(project, "https://own.test/x")
    assert found.in_spec
    assert found.endpoint.host == "own.test"
    assert found.wanted is not None
    assert found.wanted.service == "inner"
    assert found.wanted.labels["traefik.http.routers.own.rule"] == "Host(`own.test`)"
    assert str(found.wanted.place("traefik.http.routers.own.rule")).startswith(f"edge.yaml:{line}:")
    (note,) = found.notes
    assert note.startswith("own.test is named by the router `own` of `inner`'s `traefik_labels` [edge.yaml:")


def test_without_an_edge_no_host_is_called_unknown(project: Path) -> None:
    file = project / "edge.yaml"
    file.write_text("name: p\nedge: none\nservices: {web: {image: 'i:1'}}\n")
    (note,) = asked(project, "https://www.example.com/").notes
    assert note.startswith("edge.yaml has `edge: none` here, so no host is public")

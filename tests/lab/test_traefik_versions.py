"""Every example and every starter project on older Traefiks: it starts with exactly its routers, or is refused.

`--traefik-versions all`, and the proof, ask every version that edgegen accepts and that can be had. The usual run asks
three for what edgegen knows of versions, and the oldest for some whole projects.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest
import yaml

from edgegen.render.starters import starters
from edgegen.traefik.engine_providers import DockerProvider
from edgegen.traefik.labels import middleware_labels
from edgegen.traefik.middlewares import parse_middleware
from edgegen.traefik.since import Firsts, option_since
from edgegen.traefik.static import EntryPoint, FileProvider, StaticConfig
from edgegen.traefik.version import Version, is_at_least
from tests.fakes.docker_api import FakeDockerApi
from tests.lab.forked import beside
from tests.lab.oracle import OracleAnswer, Project, ask_about
from tests.lab.parsers import compose_config
from tests.lab.test_examples import EXAMPLES, SHARED, cases, given
from tests.lab.traefiks import traefik
from tests.sizes import some
from tests.traefik.middleware_cases import HTTP
from tests.traefik.process import Traefik, free_port, running

PLACE = re.compile(r"edge\.yaml:\d+:\d+: ")


def pin(spec: Path, version: str) -> None:
    """Put this Traefik into the spec."""
    data = yaml.safe_load(spec.read_text())
    if not data.get("edge", {}).get("use"):
        data.setdefault("edge", {})["image"] = f"traefik:v{version}"
        spec.write_text(yaml.safe_dump(data, sort_keys=False, allow_unicode=True))


def project(folder: Path) -> Project:
    """What was rendered."""
    dynamic = folder / "traefik" / "dynamic"
    return Project(compose_config(folder / "docker-compose.yml"), dynamic if dynamic.is_dir() else None)


def refused(done: subprocess.CompletedProcess[str], version: str) -> bool:
    """Whether render has refused, with the line that this Traefik does not understand."""
    if done.returncode == 0:
        return False
    assert PLACE.search(done.stderr), done.stderr
    assert f"`edge.image` is {version}" in done.stderr, done.stderr
    return True


WILDCARD = re.compile(r"WRN No domain found in rule HostRegexp\(.*, the TLS options applied .* will depend on the SNI")
"""What versions before 3.7 say of a wildcard host: all hosts have the same TLS options here."""


def is_without_fault(answer: OracleAnswer) -> None:
    assert [line for line in answer.complaints if not WILDCARD.search(line)] == []
    assert sorted({**answer.http_routers, **answer.tcp_routers}) == sorted(answer.expected)
    assert answer.expected


@pytest.mark.parametrize(("example", "environment"), some(cases(), 3))
def test_an_example_starts_or_is_refused(version: str, example: str, environment: str, tmp_path: Path) -> None:
    folder = tmp_path / "project"
    shutil.copytree(EXAMPLES / example, folder, ignore=shutil.ignore_patterns("expected*"))
    pin(folder / "edge.yaml", version)
    overlay = ["-e", environment] if environment else []
    done = beside("render", "-C", folder, *overlay, **given(folder / "edge.yaml"))
    if refused(done, version):
        return
    own = project(folder)
    edge = [] if "traefik" in own.compose["services"] else [_edge(tmp_path / "edge", version)]
    is_without_fault(ask_about([*edge, own], binary=traefik(version)))


def _edge(folder: Path, version: str) -> Project:
    folder.mkdir()
    (folder / "edge.yaml").write_text(SHARED)
    pin(folder / "edge.yaml", version)
    assert beside("render", "-C", folder).returncode == 0
    return project(folder)


@pytest.mark.parametrize("starter", some([item.name for item in starters() if item.name != "local-registry"], 3))
def test_a_starter_project_starts(version: str, starter: str, tmp_path: Path) -> None:
    done = beside("init", starter, "commenthouse.com", "--email", "ops@commenthouse.com", "--dir", tmp_path)
    assert done.returncode == 0, done.stderr
    pin(tmp_path / "edge.yaml", version)
    done = beside("render", "-C", tmp_path, CLOUDFLARE_API_TOKEN="x" * 40)
    assert done.returncode == 0, done.stderr
    is_without_fault(ask_about([project(tmp_path)], binary=traefik(version)))


def _labels() -> dict[str, tuple[Firsts, str]]:
    """Every label of a middleware that edgegen can write: what the table says of it, and its value."""
    found: dict[str, tuple[Firsts, str]] = {}
    for name, data, _ in HTTP:
        middleware = parse_middleware(data)
        for option, value in middleware_labels(name, middleware).items():
            words = option.split(".")[4:]  # traefik.http.middlewares.NAME.KIND.…
            spelled = {key.lower(): key for key in middleware.options()}
            own = spelled.get(words[1].partition("[")[0], "") if len(words) > 1 else ""
            firsts = [*option_since(middleware.traefik_name), *option_since(middleware.traefik_name, own)]
            found[option] = (tuple(item for item in firsts if item > Version(0, 0, 0)), value)
    return found


def test_the_table_says_what_this_traefik_knows(version: str) -> None:
    """One container for each label: Traefik drops the one whose label it does not know."""
    labels = _labels()
    containers = [
        {"name": f"c{index}", "networks": ["edge"], "labels": {**_router(f"r{index}"), label: value}}
        for index, (label, (_, value)) in enumerate(labels.items())
    ]
    containers.append({"name": "last", "networks": ["edge"], "labels": _router("last")})
    with FakeDockerApi(containers) as engine:
        flags = list(DockerProvider(engine.endpoint, "edge").flags())
        with running(flags, binary=traefik(version)) as asked:
            seen = asked.until(lambda data: "last@docker" in data.get("routers", {}))["routers"]
    known = {label for index, label in enumerate(labels) if f"r{index}@docker" in seen}
    ours = Version(*map(int, version.split(".")))
    assert {label for label, (firsts, _) in labels.items() if not firsts or is_at_least(ours, *firsts)} == known
    assert len(known) > 100


def _router(name: str) -> dict[str, str]:
    prefix = f"traefik.http.routers.{name}"
    return {
        "traefik.enable": "true",
        f"{prefix}.rule": f"Host(`{name}.test`)",
        f"{prefix}.entrypoints": "web",
        f"{prefix}.service": "noop@internal",
        f"traefik.http.services.{name}.loadbalancer.server.port": "80",
    }


MIXED = """\
name: mixed
edge: {image: "traefik:vVERSION", http3: true, dashboard: {host: t.example.com, users: [admin]}}
acme: {email: a@example.com, challenge: dns, eab: {kid: k, hmac: {secret: hmac}}}
secrets: {hmac: {env: HMAC}}
middlewares:
  ask: {kind: forward-auth, address: "http://auth:9000"}
  again: {kind: retry, attempts: 3}
services:
  web: {image: nginx, port: 80, host: "*.example.com", middlewares: [ask, again, secure-headers, {kind: compress}]}
  auth: {image: nginx, port: 9000}
  hub: {kind: registry, host: r.example.com, users: [ci], anonymous: pull}
  db: {kind: tcp, image: postgres, port: 5432, listen: 5432, entrypoint: pg, host: db.example.com}
domains: {example.com: {addresses: [203.0.113.7], provider: zonefile}}
"""


def test_everything_that_an_old_traefik_takes_starts_by_variables(version: str, tmp_path: Path) -> None:
    (tmp_path / "edge.yaml").write_text(MIXED.replace("VERSION", version))
    done = beside("render", "-C", tmp_path, HMAC="c2VjcmV0LWhtYWM", CLOUDFLARE_API_TOKEN="x" * 40)
    assert done.returncode == 0, done.stderr
    is_without_fault(ask_about([project(tmp_path)], binary=traefik(version)))


@pytest.mark.parametrize("way", ["flags", "variables"])
def test_no_query_stands_in_an_access_log(version: str, way: str, tmp_path: Path) -> None:
    web = free_port()
    config = StaticConfig(
        (EntryPoint("web", f"127.0.0.1:{web}"), EntryPoint("traefik", f"127.0.0.1:{free_port()}")),
        DockerProvider("unix:///nowhere.sock"), FileProvider(str(tmp_path)), (),
        version=Version(*map(int, version.split("."))),
    )  # fmt: skip
    arguments = config.flags() if way == "flags" else []
    variables = config.variables() if way == "variables" else {}
    with running(arguments, variables=variables, ports=(web, 0), bare=True, binary=traefik(version)) as asked:
        _ask_until_it_is_logged(asked, "/v2/?_state=upload-token")
        assert not [line for line in asked.log if "upload-token" in line]


def _ask_until_it_is_logged(asked: Traefik, path: str) -> None:
    """Before its first configuration Traefik answers without a word in the log."""
    for _ in range(100):
        with suppress(OSError):
            asked.status(path, "a.test")
        with asked.grew:
            if asked.grew.wait_for(lambda: any('"GET ' in line for line in asked.log), 0.2):
                return
        assert asked.process.poll() is None, asked.log
    raise AssertionError(asked.log)

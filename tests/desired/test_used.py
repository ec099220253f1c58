"""Of the middlewares that every route may need only those are rendered that something uses."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from edgegen.desired import used
from tests.conftest import Edgegen

HEAD = "name: shop\nacme: {email: ops@example.com}\n"
SECURE = 'image: "w:1", port: 80, middlewares: [secure-headers]'


def defined_and_used(folder: Path) -> tuple[set[str], set[str]]:
    """The names of middlewares in labels and dynamic files, and those that a router names."""
    defined: set[str] = set()
    named: set[str] = set()
    for file in (*folder.glob("docker-compose.yml"), *folder.glob("stack.yml")):
        for service in yaml.safe_load(file.read_text())["services"].values():
            labels: dict[str, Any] = {**(service.get("labels") or {}), **service.get("deploy", {}).get("labels", {})}
            for key, value in labels.items():
                if found := re.match(r"traefik\.http\.middlewares\.([^.]+)\.", key):
                    defined.add(found[1])
                elif key.endswith(".middlewares"):
                    named |= {name.partition("@")[0] for name in str(value).split(",")}
    for file in (folder / "traefik/dynamic").glob("*.yml"):
        http = (yaml.safe_load(file.read_text()) or {}).get("http", {})
        defined |= set(http.get("middlewares", {}))
        for router in http.get("routers", {}).values():
            named |= {name.partition("@")[0] for name in router.get("middlewares", ())}
    return defined, named


def rendered(edgegen: Edgegen, folder: Path, spec: str) -> tuple[set[str], set[str]]:
    (folder / "edge.yaml").write_text(HEAD + spec)
    done = edgegen("render", "-q", cwd=folder)
    assert done.code == 0, done.err
    return defined_and_used(folder)


@pytest.mark.slow
def test_a_starter_has_only_what_it_uses(edgegen: Edgegen, tmp_path: Path) -> None:
    assert edgegen("init", "web", "app.localhost", cwd=tmp_path).code == 0
    assert defined_and_used(tmp_path) == ({"https-only", "secure-headers"}, {"https-only", "secure-headers"})


@pytest.mark.slow
@pytest.mark.parametrize("target", ["compose", "swarm"])
@pytest.mark.parametrize(
    ("services", "has_hsts"),
    [
        (f"  web: {{host: w.localhost, {SECURE}}}\n", False),
        (f"  web: {{host: w.localhost, aliases: [x.localhost], {SECURE}}}\n", True),
        (f'  web: {{host: w.localhost, {SECURE}}}\n  api: {{image: "a:1", port: 80, host: a.localhost}}\n', True),
        (f"  web: {{host: w.localhost, {SECURE}}}\n  o: {{kind: redirect, host: o.localhost, to: https://a}}\n", True),
    ],
    ids=["nothing", "an alias", "another service", "a redirect"],
)  # fmt: skip
def test_hsts_is_there_where_something_uses_it(
    edgegen: Edgegen, tmp_path: Path, target: str, services: str, has_hsts: bool
) -> None:
    spec = f"target: {target}\nmiddlewares: {{secure-headers: {{kind: secure-headers}}}}\nservices:\n{services}"
    defined, named = rendered(edgegen, tmp_path, spec)
    assert ("hsts" in defined, "hsts" in named) == (has_hsts, has_hsts)
    assert named <= defined


@pytest.mark.slow
@pytest.mark.parametrize(
    "mention",
    [
        "traefik_labels: {traefik.http.routers.own.rule: 'Host(`o.localhost`)', traefik.http.routers.own.service: web,"
        " traefik.http.routers.own.entrypoints: websecure, traefik.http.routers.own.tls: 'true',"
        " traefik.http.routers.own.middlewares: hsts}",
        "extra: {annotations: {note: 'an override uses hsts@docker'}}",
    ],
)  # fmt: skip
def test_what_a_text_of_the_user_mentions_stays(edgegen: Edgegen, tmp_path: Path, mention: str) -> None:
    spec = "middlewares: {secure-headers: {kind: secure-headers}}\nservices:\n"
    defined, _ = rendered(edgegen, tmp_path, f"{spec}  web: {{host: w.localhost, {SECURE}, {mention}}}\n")
    assert "hsts" in defined


@pytest.mark.slow
def test_one_that_is_forgotten_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted fault: a router uses what is not rendered."""
    from edgegen.cli.app import run

    monkeypatch.setattr(used, "_named", lambda _parts, _routed: iter(()))
    (tmp_path / "edge.yaml").write_text(f'{HEAD}services:\n  api: {{image: "a:1", port: 80, host: a.localhost}}\n')
    assert run(["render", "-q", "-C", str(tmp_path)]) in (0, 2)
    defined, named = defined_and_used(tmp_path)
    assert not named <= defined


OVERRIDE = "services: {web: {labels: {traefik.http.routers.web-https.middlewares: hsts@docker}}}\n"
DYNAMIC = "http: {routers: {x: {rule: Host(`x`), service: y, middlewares: [hsts@docker]}}}\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "text", "more"),
    [
        ("compose.override.yaml", OVERRIDE, ""),
        ("docker-compose.override.yml", OVERRIDE, ""),
        ("more.yaml", OVERRIDE, "extra: {include: [more.yaml]}\n"),
        ("more.yaml", OVERRIDE, "extra: {include: [{path: [more.yaml]}]}\n"),
        ("traefik/dynamic/mine.yml", DYNAMIC, ""),
    ],
)
def test_a_file_of_the_user_may_use_them(edgegen: Edgegen, tmp_path: Path, file: str, text: str, more: str) -> None:
    """Traefik silently drops a router that names a middleware which does not exist."""
    spec = f"services:\n  web: {{host: w.localhost, {SECURE}}}\n{more}"
    assert "hsts" not in rendered(edgegen, tmp_path, spec)[0]
    (tmp_path / file).write_text(text)
    assert edgegen("render", "--check", cwd=tmp_path).code == 1
    assert "hsts" in rendered(edgegen, tmp_path, spec)[0]
    assert edgegen("render", "--check", cwd=tmp_path).code == 0
    (tmp_path / file).unlink()
    assert "hsts" not in rendered(edgegen, tmp_path, spec)[0]


@pytest.mark.slow
@pytest.mark.parametrize(
    "files",
    [
        {"sub/more.yaml": "include: [./deep/last.yaml]\n", "sub/deep/last.yaml": OVERRIDE},
        {
            "sub/more.yaml": "include: [{path: [more.yaml, '${DEEP:-deep}/last.yaml']}]\n",
            "sub/deep/last.yaml": OVERRIDE,
        },
        {"sub/more.yaml": "services: {a: {extends: {file: ../b.yaml, service: a}}}\n", "b.yaml": OVERRIDE},
        {".env": "SUB=sub\n", "sub/more.yaml": OVERRIDE},
    ],
)
def test_included_files_include_others(edgegen: Edgegen, tmp_path: Path, files: dict[str, str]) -> None:
    """Their paths are below their own folder, and may have variables, as may those of the spec."""
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    spec = f"services:\n  web: {{host: w.localhost, {SECURE}}}\nextra: {{include: ['${{SUB:-sub}}/more.yaml']}}\n"
    assert "hsts" in rendered(edgegen, tmp_path, spec)[0]


@pytest.mark.slow
def test_a_service_that_extends_may_use_them(edgegen: Edgegen, tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(OVERRIDE)
    spec = f"services:\n  web: {{host: w.localhost, {SECURE}, extra: {{extends: {{file: base.yaml, service: web}}}}}}\n"
    assert "hsts" in rendered(edgegen, tmp_path, spec)[0]


@pytest.mark.slow
def test_a_file_that_cannot_be_read_is_passed_over(edgegen: Edgegen, tmp_path: Path) -> None:
    (tmp_path / "compose.override.yaml").mkdir()
    (tmp_path / "compose.override.yml").write_bytes(b"\xff" * (1 << 21))
    assert "hsts" not in rendered(edgegen, tmp_path, f"services:\n  web: {{host: w.localhost, {SECURE}}}\n")[0]

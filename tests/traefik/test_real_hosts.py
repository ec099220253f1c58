"""Several hosts and paths of one service beside other services at the same names, before the real Traefik."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from edgegen.compose.model import plain
from edgegen.desired.build import build
from edgegen.spec.edge import Spec
from edgegen.spec.load import load_text
from tests.traefik.process import running
from tests.traefik.test_real_wildcard import location

SPEC = """\
name: a
acme: {challenge: dns}
domains: {e.test: {addresses: [192.0.2.1]}}
services:
  site:
    image: "w:1"
    port: 80
    hosts: [www.e.test, a-name-that-is-quite-long-indeed.e.test, b.e.test]
    aliases: [e.test, old.e.test, older.e.test]
  api: {image: "w:1", port: 80, host: www.e.test, path: /a}
  deep:
    image: "w:1"
    port: 80
    hosts: [www.e.test, a-name-that-is-quite-long-indeed.e.test]
    paths: [/a/b, /zzzzzzzzzzzzzzzz]
  kept: {image: "w:1", port: 80, host: old.e.test, path: /k}
  wild: {image: "w:1", port: 80, hosts: ["*.e.test", own.e.test], paths: [/w, /v]}
  alone: {image: "w:1", port: 80, hosts: [x.e.test, y.e.test], paths: [/p, /q]}
"""
LONG = "a-name-that-is-quite-long-indeed.e.test"
ANSWERS = {
    ("www.e.test", "/"): "site",
    (LONG, "/"): "site",
    ("b.e.test", "/a"): "site",
    ("www.e.test", "/a"): "api",
    (LONG, "/a"): "site",
    ("www.e.test", "/a/b"): "deep",
    (LONG, "/a/b/c"): "deep",
    (LONG, "/zzzzzzzzzzzzzzzz"): "deep",
    ("e.test", "/"): "alias",
    ("old.e.test", "/"): "alias",
    ("old.e.test", "/k"): "kept",
    ("older.e.test", "/k"): "alias",
    ("own.e.test", "/v"): "wild",
    ("own.e.test", "/"): None,
    ("some.e.test", "/w"): "wild",
    ("b.e.test", "/w"): "site",
    ("x.e.test", "/p"): "alone",
    ("y.e.test", "/q/1"): "alone",
    ("y.e.test", "/"): None,
}


def routers(text: str) -> dict[str, dict[str, Any]]:
    """The https routers of the rendered labels, each answering with the name of its service."""
    file: Any = plain(build(load_text(text.encode()).spec).file.data())
    found: dict[str, dict[str, Any]] = {}
    for name, body in file["services"].items():
        for label, value in (body.get("labels") or {}).items():
            key, _, option = label.removeprefix("traefik.http.routers.").partition(".")
            if label.startswith("traefik.http.routers.") and not key.endswith("-http"):
                who = "alias" if "-alias" in key else name
                found.setdefault(key, {"service": "noop@internal", "middlewares": [who], "entryPoints": ["web"]})
                if option in ("rule", "priority"):
                    found[key][option] = int(value) if option == "priority" else value.replace("$$", "$")
    return found


@pytest.mark.slow
def test_each_name_and_path_is_answered_by_its_own_service(tmp_path: Path) -> None:
    assert answered(tmp_path) == ANSWERS


@pytest.mark.slow
def test_one_rule_for_all_of_a_services_names_would_hide_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fault that the rules of their own prevent: planted, it is seen."""
    monkeypatch.setattr(Spec, "shared_hosts", frozenset())
    seen = answered(tmp_path)
    assert {key for key in ANSWERS if seen[key] != ANSWERS[key]} == {("www.e.test", "/a"), ("old.e.test", "/k")}


def answered(tmp_path: Path) -> dict[tuple[str, str], str | None]:
    """Who answers at each name and path, as the real Traefik has it."""
    made = routers(SPEC)
    whos = {router["middlewares"][0] for router in made.values()}
    middlewares = {who: {"redirectRegex": {"regex": ".*", "replacement": f"http://there.test/{who}"}} for who in whos}
    (tmp_path / "all.yml").write_text(json.dumps({"http": {"middlewares": middlewares, "routers": made}}))
    with running([f"--providers.file.directory={tmp_path}"]) as traefik:
        traefik.until(lambda data: f"{next(iter(made))}@file" in data.get("routers", {}))
        seen = {(host, path): location(traefik.web_port, host, path) for host, path in ANSWERS}
        assert traefik.complaints() == []
    return {key: where and where.rpartition("/")[2] for key, where in seen.items()}


def test_names_that_nobody_shares_have_one_rule_and_one_certificate() -> None:
    made = routers(SPEC)
    assert made["alone-https"]["rule"] == (
        "(Host(`x.e.test`) || Host(`y.e.test`)) && (PathPrefix(`/p`) || PathPrefix(`/q`))"
    )
    assert "alone-https-2" not in made


def test_names_in_several_rules_are_in_one_certificate() -> None:
    file: Any = plain(build(load_text(SPEC.encode()).spec).file.data())
    labels = file["services"]["site"]["labels"]
    for router in ("site-https", "site-https-2", "site-https-3"):
        at = f"traefik.http.routers.{router}.tls.domains[0]"
        assert (labels[f"{at}.main"], labels[f"{at}.sans"]) == ("www.e.test", f"{LONG},b.e.test")
    wild = file["services"]["wild"]["labels"]
    assert wild["traefik.http.routers.wild-https.tls.domains[0].main"] == "*.e.test"
    # Let's Encrypt refuses own.e.test beside the wildcard that covers it.
    assert not any("domains[0].sans" in label for label in wild)

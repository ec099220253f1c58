"""A registry with `anonymous: pull` is reached through Traefik only, and shows nobody what it holds."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.lab.clients import Client, skopeo, wait_for_certificate, worked
from tests.lab.engine import docker
from tests.lab.images import ensure
from tests.lab.stack import Stack

HOST, SITE = "open.commenthouse.com", "www.commenthouse.com"
HOSTS = (HOST, SITE, "wide.commenthouse.com", "closed.commenthouse.com")
APP = "lab/app:1"
SPEC = f"""
name: open
services:
  hub: {{kind: registry, host: {HOST}, users: [ci], anonymous: pull}}
  wide: {{kind: registry, host: wide.commenthouse.com, anonymous: pull, extra: {{environment: {{GOES: out}}}}}}
  closed: {{kind: registry, host: closed.commenthouse.com, users: [ci]}}
  web: {{image: "lab/web:1", host: {SITE}, port: 8080}}
  inner: {{image: "lab/web:1", networks: [edge]}}
"""
NEIGHBOURS = ("web", "inner", "closed", "docker-socket-proxy")
CATALOG = (
    "/v2/_catalog", "/v2/_catalog/", "/v2/_catalog?n=1", "/v2/_catalog?", "/v2/_catalog?n=1&last=a", "//v2/_catalog",
    "/v2//_catalog", "//v2//_catalog", "/v2/./_catalog", "/./v2/_catalog", "/v2/../v2/_catalog", "/v2/app/../_catalog",
    "/v2/app/tags/../../_catalog", "/v2/%5fcatalog", "/v2/%5Fcatalog", "/v2/_%63atalog", "/v2%2f_catalog",
    "/v2/%2f_catalog", "/%76%32/_catalog", "/v2/%2e/_catalog", "/v2/app/%2e%2e/_catalog", "/v2/app%2f..%2f_catalog",
    "/v2/app/tags/%2e%2e/%2e%2e/_catalog", "/V2/_catalog", "/v2/_CATALOG", "/v2/_catalog/tags/list", "/v2/_catalog;a",
    "/v2/_catalog%00", "/v2/_catalog%20", "/v2/_catalog%0a", "/v2/_catalog%3fn=1", "/v2/_catalog#/manifests/1",
    "/v2/app/manifests/1/../../../_catalog", "/v2/app/manifests/%2e%2e/%2e%2e/_catalog", "/v2/_catalog//",
    "/v2/_catalog/.", "http://open.commenthouse.com/v2/_catalog", "/v2\\\\_catalog", "/v2/%252e%252e/_catalog",
    "/v2/_catalog/manifests/1",
)  # fmt: skip


def test_nobody_gets_past_traefik(stack: Stack, tmp_path: Path) -> None:
    stack.write(SPEC)
    made = {item["service"]: str(item["password"]) for item in stack.render()["credentials"]}
    stack.up()
    wait_for_certificate(stack.ground, HOST)
    push(stack, made["hub"], tmp_path)
    no_neighbour_reaches_it(stack)
    no_spelling_shows_the_catalog(stack, made["hub"])
    a_pull_needs_no_password_and_nothing_else_is_open(stack)
    stack.edgegen("verify", "hub", "--no-login", "--allow-private", "--ca-file", str(stack.root))


def push(stack: Stack, made: str, folder: Path) -> None:
    ensure(stack.ground, APP)
    stack.ground.run("docker", "save", "-o", folder / "app.tar", APP)
    archive = f"docker-archive:{folder / 'app.tar'}"
    for name in ("app", "team/secret-app_1.x"):
        worked(
            skopeo(stack.ground, stack.root, "copy", "--dest-creds", f"ci:{made}", archive, f"docker://{HOST}/{name}:1")
        )


def no_neighbour_reaches_it(stack: Stack) -> None:
    """Neither by its name nor by any address of it; where a registry asks by itself, its neighbours do reach it."""
    for registry, internal in (("hub", True), ("wide", False)):
        assert (
            json.loads(docker(stack.ground, "network", "inspect", f"open_{registry}-edge"))[0]["Internal"] is internal
        )
        nobody_reaches(stack, registry)
    start = "/v2/pushed/blobs/uploads/"
    assert " 401 " in post(stack, "web", f"http://closed:5000{start}")
    assert " 202 " in post(stack, "hub", f"http://127.0.0.1:5000{start}"), "the call itself pushes"


def nobody_reaches(stack: Stack, registry: str) -> None:
    """All at once: an address whose packets are dropped says nothing until the time is over."""
    box = json.loads(docker(stack.ground, "inspect", stack.container(registry)))[0]
    addresses = [network["IPAddress"] for network in box["NetworkSettings"]["Networks"].values()]
    asked = [(neighbour, host) for neighbour in NEIGHBOURS for host in (registry, f"open-{registry}-1", *addresses)]

    def call(pair: tuple[str, str]) -> str:
        return post(stack, pair[0], f"http://{pair[1]}:5000/v2/pushed/blobs/uploads/")

    with ThreadPoolExecutor(len(asked)) as pool:
        for (neighbour, host), said in zip(asked, pool.map(call, asked), strict=True):
            assert " 202 " not in said, f"{neighbour} pushes to {host}: {said}"
            assert "HTTP/1.1" not in said, f"{neighbour} reaches {host}: {said}"


def post(stack: Stack, container: str, url: str) -> str:
    call = ("timeout", "5", "wget", "-S", "-O", "-", "--post-data", "", url)
    done = stack.ground.run("docker", "exec", stack.container(container), *call, check=False)
    return done.stdout + done.stderr


def no_spelling_shows_the_catalog(stack: Stack, made: str) -> None:
    nobody, user = Client(stack.ground, stack.root), Client(stack.ground, stack.root, ("ci", made))
    shown = user.get(HOST, "/v2/_catalog")
    assert json.loads(shown.body) == {"repositories": ["app", "team/secret-app_1.x"]}
    for method in ("GET", "HEAD"):
        for path in CATALOG:
            answer = nobody.request(method, HOST, path)
            assert b"repositories" not in answer.body, (method, path)
            assert answer.status in (400, 401), (method, path, answer.status, answer.location)
    assert nobody.get(HOST, "/v2/_catalog").headers["WWW-Authenticate"] == 'Basic realm="Registry"'


def a_pull_needs_no_password_and_nothing_else_is_open(stack: Stack) -> None:
    nobody = Client(stack.ground, stack.root)
    wants = {"Accept": "application/vnd.docker.distribution.manifest.v2+json"}
    for name in ("app", "team/secret-app_1.x"):
        for method in ("GET", "HEAD"):
            answer = nobody.request(method, HOST, f"/v2/{name}/manifests/1", headers=wants)
            assert answer.status == 200
            digest = answer.headers["Docker-Content-Digest"]
            assert nobody.request(method, HOST, f"/v2/{name}/manifests/{digest}", headers=wants).status == 200
            assert nobody.request(method, HOST, f"/v2/{name}/tags/list").status in (
                200,
                405 if method == "HEAD" else 200,
            )
        blob = json.loads(nobody.request("GET", HOST, f"/v2/{name}/manifests/1", headers=wants).body)["config"][
            "digest"
        ]
        for method in ("GET", "HEAD"):
            assert nobody.request(method, HOST, f"/v2/{name}/blobs/{blob}").status == 200
        assert nobody.get(HOST, f"/v2/{name}/tags/list?n=1").status == 200
        assert (
            nobody.get(
                HOST,
                f"/v2/{name}/manifests/none",
            ).status
            == 404
        )
    for method, path in (
        ("GET", "/v2/"), ("GET", "/v2"), ("HEAD", "/v2/"), ("GET", "/v2/app/blobs/uploads/x"), ("GET", "/metrics"),
        ("GET", "/v2/app/blobs/uploads/"), ("GET", "/debug/health"), ("OPTIONS", "/v2/app/tags/list"),
        ("get", "/v2/app/tags/list"), ("PROPFIND", "/v2/app/tags/list"), ("DELETE", "/v2/app/manifests/1"),
    ):  # fmt: skip
        assert nobody.request(method, HOST, path).status in (401, 405), (method, path)

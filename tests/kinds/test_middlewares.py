"""What a middleware names or hides is placed so that Traefik finds it, and nobody else reads it."""

from __future__ import annotations

from typing import Any

import pytest

from edgegen.desired.build import Desired, build
from edgegen.spec.load import load_text

HASH = "bob:$2y$05$abcdefghijklmnopqrstuuWFyTzZUdNoRPLOMXnzfiyI8bHVK5VOa"


def built(text: str) -> Desired:
    return build(load_text(f"name: a\n{text}".encode()).spec)


def labels(desired: Desired, name: str) -> dict[str, Any]:
    found = desired.file.data()["services"][name]["labels"]
    plain: dict[str, Any] = {}
    for part in (*getattr(found, "shared", ()), getattr(found, "own", found)):
        plain.update(getattr(part, "value", part))
    return plain


def web(middlewares: str, more: str = "") -> Desired:
    return built(
        f'services:\n  web: {{image: "w:1", port: 80, host: w.example.com, middlewares: {middlewares}}}\n{more}'
    )


def test_a_chain_in_place_names_shared_middlewares_in_full_and_brings_the_preset_along() -> None:
    desired = web("[{kind: chain, middlewares: [secure-headers]}]")
    assert labels(desired, "web")["traefik.http.middlewares.web-chain.chain.middlewares"] == "secure-headers@file"
    assert "secure-headers" in desired.dynamic["middlewares.yml"]["http"]["middlewares"]


@pytest.mark.parametrize(
    ("service", "provider"),
    [
        ('pages: {image: "p:1", port: 80, host: p.example.com}', "docker"),
        ("pages: {kind: external, host: p.example.com, url: 'http://192.0.2.1'}", "file"),
    ],
)
def test_error_pages_are_found_wherever_they_are_served(service: str, provider: str) -> None:
    desired = built(
        "services:\n"
        f"  {service}\n"
        '  web: {image: "w:1", port: 80, host: w.example.com, middlewares: [{kind: errors, status: ["500"], '
        "service: pages, query: /x}, shared]}\n"
        "middlewares:\n"
        '  shared: {kind: errors, status: ["404"], service: pages, query: /x}\n'
    )
    assert labels(desired, "web")["traefik.http.middlewares.web-errors.errors.service"] == f"pages@{provider}"
    shared = desired.dynamic["middlewares.yml"]["http"]["middlewares"]["shared"]
    assert shared["errors"]["service"] == f"pages@{provider}"


@pytest.mark.parametrize("where", ["in place", "by name"])
def test_hashes_move_to_a_private_file(where: str) -> None:
    middleware = f"{{kind: basic-auth, users: ['{HASH}']}}"
    desired = web(f"[{middleware}]") if where == "in place" else web("[m]", f"middlewares:\n  m: {middleware}\n")
    assert [file.lines for file in desired.secret_files] == [(HASH,)]
    everything = repr((desired.file, desired.dynamic))
    assert "$2y$" not in everything
    (path,) = (file.path for file in desired.secret_files)
    assert path.startswith("secrets/")
    assert f"/run/secrets/{path.removeprefix('secrets/')}" in everything


def test_users_in_a_secret_are_mounted_into_traefik_alone() -> None:
    desired = web("[{kind: basic-auth, users_secret: people}]", "secrets: {people: {env: PEOPLE}}\n")
    services = desired.file.data()["services"]
    assert "people" in services["traefik"]["secrets"]
    assert "secrets" not in services["web"]
    assert (
        labels(desired, "web")["traefik.http.middlewares.web-basic-auth.basicauth.usersfile"] == "/run/secrets/people"
    )


def test_two_middlewares_of_one_kind_have_two_names() -> None:
    desired = web("[{kind: rate-limit, average: 1}, {kind: rate-limit, average: 2}]")
    assert (
        labels(desired, "web")["traefik.http.routers.web-https.middlewares"]
        == "hsts,web-rate-limit,web-rate-limit-next"
    )


def test_a_service_has_one_router_for_each_entrypoint() -> None:
    routers = labels(web("[]"), "web")
    assert {key.split(".")[3] for key in routers if key.startswith("traefik.http.routers.")} == {
        "web-http",
        "web-https",
    }


def test_a_preset_that_only_traefik_labels_name_is_written() -> None:
    from edgegen.desired.build import build
    from edgegen.spec.load import load_text

    label = "traefik.http.routers.own.middlewares"
    web = f'web: {{image: "w:1", port: 80, host: w.example.com, traefik_labels: {{{label}: secure-headers@file}}}}'
    desired = build(load_text(f"name: a\nservices:\n  {web}\n".encode()).spec)
    assert list(desired.dynamic["middlewares.yml"]["http"]["middlewares"]) == ["secure-headers"]

"""What a pinned Traefik does not know is refused with its place, and what edgegen can leave out is left out."""

from __future__ import annotations

import pytest

from edgegen.rules import newer_than_traefik
from tests.rules.conftest import Said, said

SERVICE = "services:\n  web: {image: nginx, port: 80, host: a.example.com, middlewares: ["


def text(version: str, use: str, more: str = "") -> str:
    return f'edge: {{image: "traefik:{version}", access_log: false}}\n{more}{SERVICE}{use}]}}\n'


BROKEN = [
    ("3.6.15", "{kind: encoded-characters, allow_encoded_slash: true}", "", "3.7.0"),
    ("3.6.2", "{kind: errors, status: '500', service: web, error_request_headers: [Accept]}",
     ".error_request_headers", "3.6.15"),
    ("3.6.8", "{kind: forward-auth, address: 'http://a:1', max_response_body_size: 5}", ".max_response_body_size",
     "3.6.9"),
    ("3.6.15", "{kind: retry, attempts: 3, timeout: 5s}", ".timeout", "3.7.0"),
    ("v3.6", "{kind: retry, attempts: 3, status: ['503']}", ".status", "3.7.0"),
    ("3.6.15", "{kind: retry, attempts: 3, max_request_body_bytes: 5}", ".max_request_body_bytes", "3.7.0"),
    ("3.6.15", "{kind: retry, attempts: 3, disable_retry_on_network_error: true, status: ['503']}",
     ".disable_retry_on_network_error", "3.7.0"),
    ("3.6.15", "{kind: retry, attempts: 3, retry_non_idempotent_method: true}", ".retry_non_idempotent_method",
     "3.7.0"),
]  # fmt: skip


@pytest.mark.parametrize(("version", "use", "option", "needed"), BROKEN)
def test_a_newer_option_is_refused_at_its_place(version: str, use: str, option: str, needed: str) -> None:
    found = said(newer_than_traefik, text(version, use))
    assert found[0].path == f"services.web.middlewares[0]{option}"
    assert all(item.refused and item.line == 4 for item in found)
    assert f"needs Traefik {needed} or later, and `edge.image` is {version.removeprefix('v')}" in found[0].message


@pytest.mark.parametrize("use", [use for _, use, _, _ in BROKEN])
@pytest.mark.parametrize("image", ["3.7.0", "v3.7", "v3", "latest", "v3.8.0"])
def test_a_newer_image_takes_all(image: str, use: str) -> None:
    assert said(newer_than_traefik, text(image, use)) == list[Said]()


def test_a_middleware_with_a_name_is_looked_at() -> None:
    named = "middlewares: {again: {kind: retry, attempts: 2, timeout: 1s}}\n"
    found = said(newer_than_traefik, text("3.6.2", "again", named))
    assert [item.path for item in found] == ["middlewares.again.timeout"]


NEAR_MISSES = [
    text("3.6.2", "{kind: forward-auth, address: 'http://a:1'}"),  # what edgegen says on its own is left out
    text("3.6.2", "{kind: retry, attempts: 3}"),
    'edge: {use: other, image: "traefik:3.6.2"}\n' + SERVICE + "{kind: retry, attempts: 3, timeout: 5s}]}\n",
]


@pytest.mark.parametrize("spec", NEAR_MISSES)
def test_near_misses(spec: str) -> None:
    assert said(newer_than_traefik, spec) == list[Said]()


@pytest.mark.parametrize(("image", "remarks"), [("3.6.2", 1), ("3.7.2", 1), ("3.6.19", 0), ("3.7.3", 0), ("v3.6", 0)])
def test_an_access_log_without_paths_is_a_remark(image: str, remarks: int) -> None:
    found = said(newer_than_traefik, f'edge: {{image: "traefik:{image}"}}\n')
    assert [(item.path, item.refused) for item in found] == [("edge.image", False)] * remarks
    assert all("without their path" in item.message for item in found)

"""The common socket proxies don't read an HAProxy configuration, and let through what nobody needs."""

from __future__ import annotations

import pytest

from edgegen.rules import socket_proxy_image
from tests.rules.conftest import Said, said

PLACE, EXTRA = "edge.socket_proxy_image", "extra.services.docker-socket-proxy.image"
NAMES = (
    "tecnativa/docker-socket-proxy:v0.4.1",
    "ghcr.io/tecnativa/docker-socket-proxy:0.3",
    "lscr.io/linuxserver/socket-proxy:3.2.3",
    "wollomatic/socket-proxy:1.10.0",
    "registry.example.com:5000/mirror/tecnativa-docker-socket-proxy:v0.4.1",
    "fluencelabs/docker-socket-proxy@sha256:" + "a" * 64,
    "me/socketproxy:1",
)
BROKEN = [(f'edge: {{socket_proxy_image: "{name}"}}\n', PLACE, "not HAProxy") for name in NAMES]
BROKEN.append(
    (
        f'extra: {{services: {{docker-socket-proxy: {{image: "{NAMES[0]}"}}}}}}\n',
        EXTRA,
        "not HAProxy",
    )
)
NEAR_MISSES = [
    'edge: {socket_proxy_image: "haproxy:3.2-alpine"}\n',
    'edge: {socket_proxy_image: "haproxytech/haproxy-alpine:3.2"}\n',
    'edge: {socket_proxy_image: "docker-socket-proxy.example.com/mirror/haproxy:3.2"}\n',
    f'edge: {{socket_proxy_image: "{NAMES[0]}", docker_socket: direct}}\n',
    "extra: {services: {docker-socket-proxy: {mem_limit: 128m}}}\n",
    "",
]


@pytest.mark.parametrize(("spec", "path", "words"), BROKEN)
def test_broken(spec: str, path: str, words: str) -> None:
    found = said(socket_proxy_image, spec)
    assert [(item.path, item.refused) for item in found] == [(path, True)]
    assert words in found[0].message
    assert found[0].line == 2


@pytest.mark.parametrize("spec", NEAR_MISSES)
def test_near_misses(spec: str) -> None:
    assert said(socket_proxy_image, spec) == list[Said]()

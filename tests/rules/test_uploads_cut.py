"""Apps that take large files, and streams of gRPC, are told of Traefik's 60 seconds."""

from __future__ import annotations

import pytest

from edgegen.rules import uploads_cut
from tests.rules.conftest import Said, said

SERVICE = "services: {web: {image: %s, port: 80, host: w.x.test}}\n"
BROKEN = [
    (SERVICE % '"nextcloud:31-apache"', "services.web.image", "`nextcloud`"),
    (SERVICE % '"lscr.io/linuxserver/nextcloud:31.0.5"', "services.web.image", "`nextcloud`"),
    (
        SERVICE % '"ghcr.io/immich-app/immich-server:${IMMICH_VERSION:-release}"',
        "services.web.image",
        "`immich-server`",
    ),
    (SERVICE % '"gitlab/gitlab-ce:18.0.2-ce.0"', "services.web.image", "`gitlab-ce`"),
    (SERVICE % '"owncloud/server:10.15"', "services.web.image", "`owncloud/server`"),
    (SERVICE % '"my.example.com:5000/minio/minio:1"', "services.web.image", "`minio`"),
    (SERVICE % f'"minio/minio@sha256:{"0" * 64}"', "services.web.image", "`minio`"),
    (SERVICE % '"registry:2"', "services.web.image", "`registry`"),
    (SERVICE % '"docker.io/library/registry:2.8"', "services.web.image", "`library/registry`"),
    (SERVICE % '"dxflrs/garage:v1.1"', "services.web.image", "`dxflrs/garage`"),
    ('services: {web: {image: "api:1", port: 80, host: w.x.test, scheme: h2c}}\n', "services.web.scheme", "gRPC"),
    ('services: {x: {kind: external, host: w.x.test, url: "h2c://192.0.2.7:50051"}}\n', "services.x.url", "gRPC"),
    ("edge: {http3: true}\n" + SERVICE % '"minio/minio:1"', "services.web.image", "60 seconds"),
]
NEAR_MISSES = [
    "edge: {read_timeout: 1h}\n" + SERVICE % '"nextcloud:31-apache"',
    "edge: {read_timeout: 60s}\n" + SERVICE % '"nextcloud:31-apache"',
    "edge: {read_timeout: 0}\n" + SERVICE % '"nextcloud:31-apache"',
    "edge: {use: other}\n" + SERVICE % '"nextcloud:31-apache"',
    "edge: none\n" + SERVICE % '"nextcloud:31-apache"',
    SERVICE % '"nginx:1.28"',
    SERVICE % '"goauthentik/server:2025.6"',
    SERVICE % '"minio.example.com/acme/web:1"',
    SERVICE % '"acme/nextcloud-exporter:1"',
    SERVICE % '"acme/garage:1"',
    SERVICE % '"acme/registry:1"',
    SERVICE % '"acme/server:1"',
    'services: {cron: {image: "nextcloud:31-apache"}}\n',
    'services: {s3: {kind: tcp, image: "minio/minio:1", host: s.x.test, entrypoint: s, listen: 9, port: 9}}\n',
    "services: {hub: {kind: registry, host: r.x.test, users: [ci]}, "
    'web: {image: "nextcloud:31-apache", port: 80, host: w.x.test}}\n',
    "services: {web: {build: ., port: 80, host: w.x.test}}\n",
]


@pytest.mark.parametrize(("text", "path", "message"), BROKEN)
def test_broken(text: str, path: str, message: str) -> None:
    found = said(uploads_cut, text)
    assert [(item.path, item.refused) for item in found] == [(path, False)]
    assert message in found[0].message
    assert found[0].line > 0


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_near_misses(text: str) -> None:
    assert said(uploads_cut, text) == list[Said]()


def test_a_fault_in_the_rule_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: every image takes large files."""
    monkeypatch.setattr(uploads_cut, "_taking_files", lambda image: image)
    assert said(uploads_cut, NEAR_MISSES[5])

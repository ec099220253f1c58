"""A service that speaks FastCGI: what is caught, and what is not."""

from __future__ import annotations

import pytest

from edgegen.lint.rules import el108_fastcgi_behind_traefik as rule
from tests.lint.support import found, project
from tests.lint.table import differences, stack

RULE = "traefik.http.routers.web.rule=Host(`a.test`)"
PORT = "traefik.http.services.web.loadbalancer.server.port={}"
MESSAGE = "{} high `web` speaks FastCGI, and Traefik speaks HTTP with it: every request gets 502"


def of(image: str, *labels: str, more: str = "") -> str:
    """A routed service of this image."""
    return stack(RULE, *labels, more=more).replace("image: app:1", f"image: {image}")


CAUGHT = [
    (of("wordpress:6.7-php8.3-fpm-alpine"), [MESSAGE.format(6)]),
    (of("nextcloud:30-fpm", PORT.format(9000)), [MESSAGE.format(7)]),
    (of("nextcloud:30-fpm", PORT.format(80)), [MESSAGE.format(7)]),
    (of("registry.example.com/php-fpm:8"), [MESSAGE.format(6)]),
]
PASSED = [
    of("wordpress:6.7-apache"),
    of("linuxserver/app-fpm:30", PORT.format(80)),
    of("php:8.3-fpm", PORT.format(80), more="command: php -S 0.0.0.0:80"),
    of("serversideup/php:8.3-fpm-nginx"),
    of("shop-fpm:1", more="build: ."),
    of("shop-fpm:1", more="expose: [8080]"),
    of("nextcloud:${TAG}-fpm"),
    stack().replace("image: app:1", "image: php:8-fpm").replace("enable=true", "enable=false"),
    stack(
        "traefik.tcp.routers.web.rule=HostSNI(`*`)", "traefik.tcp.services.web.loadbalancer.server.port=9000"
    ).replace("image: app:1", "image: php:8-fpm"),
]


@pytest.mark.parametrize(("compose", "messages"), CAUGHT)
def test_it_is_found(compose: str, messages: list[str]) -> None:
    assert found(project(compose), "EL108") == messages


@pytest.mark.parametrize("compose", PASSED)
def test_it_is_not_found(compose: str) -> None:
    assert found(project(compose), "EL108") == []


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "_is_fpm", lambda _: False)
    assert differences("EL108", CAUGHT, PASSED)

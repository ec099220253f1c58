"""A public name that is written for another proxy, in a service without a `host`.

What it does
    Reports nginx-proxy's `VIRTUAL_HOST` and `LETSENCRYPT_HOST`, and Coolify's `SERVICE_FQDN_…` and `SERVICE_URL_…`
    without a value, among the variables of a service, and the label `caddy` of caddy-docker-proxy. A service with a
    `host`, with `traefik_labels`, with `ports`, or one that a `kind: external` leads to is reached otherwise. Where
    such a proxy runs in the project, or an environment changes the service's names, nothing is reported.

Why
    They come along when a Compose file is pasted. Traefik does not read them: the service starts, and nobody reaches it
    from outside.

Example
    `web: {image: "ghcr.io/acme/web:1.4", environment: {VIRTUAL_HOST: www.commenthouse.com}}`

Instead
    `host: www.commenthouse.com` and `port: 3000`.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from edgegen.core.finding import Severity
from edgegen.core.pattern import late_pattern
from edgegen.core.show import shown
from edgegen.rules.hosts_of_environments import renamed_services
from edgegen.rules.violation import Violation
from edgegen.spec.container import Container
from edgegen.spec.edge import Spec

ID = "ER043"
_VARIABLE = late_pattern(r"VIRTUAL_HOST(?:_MULTIPORTS)?|LETSENCRYPT_HOST")
_OF_COOLIFY = late_pattern(r"SERVICE_(?:FQDN|URL)_[A-Z0-9_]+")
"""Coolify gives it a value. With one it is the app's."""
_LABEL = late_pattern(r"caddy(?:_[0-9]+)?")
_PROXIES = ("nginx-proxy", "caddy-docker-proxy", "coolify")
"""What their images are called, or are in the name of."""


def check(spec: Spec) -> Iterator[Violation]:
    """The first such word of each service."""
    found = {name: words[0] for name, item in spec.containers.items() if (words := list(_words(item)))}
    if not found or spec.edge.is_none or any(_is_proxy(item.image or "") for item in spec.containers.values()):
        return
    reached = renamed_services(spec) | spec.page_servers | {urlsplit(url).hostname for _, url in spec.asked_urls()}
    for name, (key, word) in found.items():
        service = spec.services[name]
        if name in reached or service.own_hosts or service.labels_by_hand or spec.containers[name].ports:
            continue
        message = f"Traefik does not read `{shown(word)}`: `{name}` can't be reached from outside"
        hint = "add `host` and `port`; or remove it if the service is to stay inside"
        yield Violation(("services", name, key, word), message, hint, refused=False, severity=Severity.MEDIUM)


def _words(service: Container) -> Iterator[tuple[str, str]]:
    for name, value in service.environment.items():
        if _VARIABLE.fullmatch(name) or (value is None and _OF_COOLIFY.fullmatch(name)):
            yield "environment", name
    yield from (("labels", name) for name in service.labels if _LABEL.fullmatch(name))


def _is_proxy(image: str) -> bool:
    return any(proxy in image for proxy in _PROXIES)

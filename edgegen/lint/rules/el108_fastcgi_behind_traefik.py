"""A service that speaks FastCGI.

What it does
    Reports a service with a route and an image of PHP-FPM (`wordpress:6-fpm`, `nextcloud:30-fpm-alpine`), where the
    route leads to its port 9000. Docker Hub's own images have no other port, whatever a label says.

Why
    Traefik speaks HTTP, and PHP-FPM FastCGI: every request gets 502.

Example
    `image: wordpress:6.7-fpm` with ``traefik.http.routers.blog.rule=Host(`blog.example.com`)``

Instead
    The image with a web server (`wordpress:6.7-apache`), or the route at the nginx that hands requests to PHP-FPM.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.lint.model import Project, Service
from edgegen.lint.rule import Found, Rule
from edgegen.lint.views.image import image_of
from edgegen.lint.views.routed import Routed, routed

RULE = Rule("EL108", "fastcgi-behind-traefik", Severity.HIGH)
_PORT = 9000
_SERVERS = frozenset(("nginx", "apache", "caddy", "unit", "frankenphp", "httpd", "openresty"))
_OFFICIAL = frozenset(
    ("php", "wordpress", "nextcloud", "drupal", "joomla", "matomo", "monica", "friendica", "phpmyadmin", "postfixadmin")
)
_BETWEEN = re.compile(r"[^a-z0-9]+")


def check(project: Project) -> Iterator[Found]:
    """Each service with a route."""
    for name, service in project.services.items():
        if service.image is not None and _is_fpm(service) and _leads_to_fpm(routed(project).get(name)):
            message = f"`{name}` speaks FastCGI, and Traefik speaks HTTP with it: every request gets 502"
            hint = "route to a web server before it, or take the image that has one"
            yield Found(name, message, service.image.spot, hint)


def _leads_to_fpm(item: Routed | None) -> bool:
    """The only port of PHP-FPM, which Traefik also takes where no label names one."""
    if item is None:
        return False
    is_http = not item.routers or any(router.section == "http" for router in item.routers)
    is_bare = _is_official(item.service) and not item.service.data.get("command")
    ports = is_bare or (item.ports <= {_PORT} and not item.service.expose)
    return is_http and ports and not item.service.built


def _is_official(service: Service) -> bool:
    """Whether it is one of Docker Hub's own, which listen on port 9000 and nowhere else, whatever a label says."""
    image = image_of(service)
    return image is not None and image.is_official and image.name in _OFFICIAL


def _is_fpm(service: Service) -> bool:
    image = image_of(service) if service.image is not None and "fpm" in service.image.text.lower() else None
    words = set(_BETWEEN.split(f"{image.name}-{image.tag}".lower())) if image else set()
    return "fpm" in words and not words & _SERVERS

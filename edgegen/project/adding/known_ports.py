"""The port that well-known images listen on, so that nobody has to look it up.

Source: the EXPOSE lines and the documentation of these images.
"""

from __future__ import annotations

from collections.abc import Mapping

from edgegen.core.names import ImageRef

_NO_HTTP = ("fpm", "fastcgi")
_HUB = ("docker.io/library/", "docker.io/", "index.docker.io/", "library/")

PORTS: Mapping[str, int] = {
    "nginx": 80, "nginxinc/nginx-unprivileged": 8080, "httpd": 80, "caddy": 80, "traefik/whoami": 80,
    "wordpress": 80, "drupal": 80, "joomla": 80, "nextcloud": 80, "matomo": 80, "ghost": 2368, "odoo": 8069,
    "adminer": 8080, "phpmyadmin": 80, "tomcat": 8080, "jenkins/jenkins": 8080, "sonarqube": 9000,
    "gitea/gitea": 3000, "codeberg.org/forgejo/forgejo": 3000, "grafana/grafana": 3000, "prom/prometheus": 9090,
    "vaultwarden/server": 80, "louislam/uptime-kuma": 3001, "n8nio/n8n": 5678, "nodered/node-red": 1880,
    "metabase/metabase": 3000, "linuxserver/jellyfin": 8096, "jellyfin/jellyfin": 8096,
    "ghcr.io/immich-app/immich-server": 2283, "ghcr.io/paperless-ngx/paperless-ngx": 8000,
    "lscr.io/linuxserver/jellyfin": 8096, "plausible/analytics": 8000, "mongo-express": 8081, "axllent/mailpit": 8025,
}  # fmt: skip


def known_port(image: ImageRef) -> int | None:
    """The port of an image; None if it isn't known, or if its tag is a variant that doesn't speak HTTP."""
    if any(variant in image.tag for variant in _NO_HTTP):
        return None
    name = image.partition("@")[0].removesuffix(f":{image.tag}" if image.tag else "")
    for prefix in _HUB:
        name = name.removeprefix(prefix)
    return PORTS.get(name)

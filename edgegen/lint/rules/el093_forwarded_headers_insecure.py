"""An entrypoint that believes whatever address a client claims.

What it does
    Reports `forwardedheaders.insecure` and `proxyprotocol.insecure` on an entrypoint whose port is published on all
    addresses. On Cloudflare or behind another proxy the addresses of that proxy are the ones to trust.

Why
    Anyone can send `X-Forwarded-For: 10.0.0.1`: allow lists, rate limits and logs then work with an invented address,
    and `X-Forwarded-Proto` makes an application believe in HTTPS.

Example
    `--entrypoints.websecure.forwardedheaders.insecure=true`

Instead
    `--entrypoints.websecure.forwardedheaders.trustedips=` with the addresses of the proxy in front
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.lint.model import Project
from edgegen.lint.rule import Found, Rule
from edgegen.lint.views.entrypoints import entrypoints_of, switched_on

RULE = Rule("EL093", "forwarded-headers-insecure", Severity.MEDIUM)

OPTIONS = ("forwardedheaders.insecure", "proxyprotocol.insecure")


def check(project: Project) -> Iterator[Found]:
    """Each public entrypoint of each Traefik."""
    for traefik in project.traefiks:
        for name, entrypoint in entrypoints_of(project, traefik).items():
            for option in OPTIONS:
                value = switched_on(traefik.static, f"entrypoints.{name}.{option}")
                if value is None or not entrypoint.is_public:
                    continue
                yield Found(
                    traefik.service.name if traefik.service else name,
                    f"`{name}` believes the address that any client claims, and its port {entrypoint.port} is "
                    "published on every address of the host",
                    value.spot,
                    f"name the proxy in front: `{option.partition('.')[0]}.trustedips=`",
                )

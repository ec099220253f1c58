"""A login for a DNS provider in the Compose file.

What it does
    Reports a token, key or password of a DNS provider that is written into `environment` of Traefik and does not look
    like a placeholder. The value is not shown.

Why
    Whoever reads the file, or `docker inspect`, can change every record of the zone. The file is usually in git.

Example
    `environment: ["CF_DNS_API_TOKEN=…"]` with the token itself

Instead
    `CF_DNS_API_TOKEN_FILE: /run/secrets/cloudflare` with a secret, or `${CF_DNS_API_TOKEN}` and a `.env` that git
    ignores.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.lint.model import Project, Value
from edgegen.lint.rule import Found, Rule
from edgegen.lint.views.dns_providers import SECRETS
from edgegen.lint.views.secret_files import is_placeholder

RULE = Rule("EL083", "dns-credentials-plain", Severity.MEDIUM)


def check(project: Project) -> Iterator[Found]:
    """Each such variable of each Traefik."""
    for _, service in project.proxies:
        for name, value in service.environment.items():
            if name.upper() in SECRETS and value is not None and value.known and _is_literal(value):
                message = f"`{name}` is in the file: whoever reads it can change every record of the zone"
                hint = f"use `{name}_FILE` with a secret, or a variable, and replace what was published"
                yield Found(service.name, message, value.spot, hint)


def _is_literal(value: Value) -> bool:
    text = value.raw or value.text
    if "$" in text or value.spot.file.language == "env" or len(text) < 16:
        return False
    return not is_placeholder(text)

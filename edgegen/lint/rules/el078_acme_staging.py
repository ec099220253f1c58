"""Certificates that no browser trusts.

What it does
    Reports a resolver whose `caserver` is a staging authority.

Why
    The staging authority of Let's Encrypt is for tests: every browser warns of its certificates. After the switch
    to production, Traefik still serves those in the store until they are deleted.

Example
    `caserver=https://acme-staging-v02.api.letsencrypt.org/directory`

Instead
    No `caserver`, and a new store: `acme.json` keeps the certificates of staging.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.lint.model import Project
from edgegen.lint.rule import Found, Rule
from edgegen.lint.views.acme import resolvers

RULE = Rule("EL078", "acme-staging", Severity.INFO)


def check(project: Project) -> Iterator[Found]:
    """Each resolver that orders from a staging authority."""
    for resolver in resolvers(project):
        value = resolver.get("caserver")
        if value is not None and value.known and "staging" in value.text.lower():
            message = f"`{resolver.name}` orders from a staging authority, whose certificates no browser trusts"
            hint = "remove `caserver` when the tests are over, and delete the store"
            yield Found(resolver.subject, message, value.spot, hint)

"""A challenge by DNS without a login at the provider.

What it does
    Knows which variables the usual DNS providers need, and reports a Traefik that has none of them. Where an
    `env_file` is not here, the outcome is unknown.

Why
    Traefik starts; at the first order it logs `some credentials information are missing`, and serves its own
    self-signed certificate. The variables belong to Traefik, not to the service that wants the certificate.

Example
    `dnschallenge.provider=cloudflare` without `CF_DNS_API_TOKEN`

Instead
    `environment: {CF_DNS_API_TOKEN_FILE: /run/secrets/cloudflare}` with a secret
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Outcome, Severity
from edgegen.lint.model import Project
from edgegen.lint.rule import Found, Rule
from edgegen.lint.views.acme import resolvers
from edgegen.lint.views.dns_providers import PROVIDERS
from edgegen.lint.views.hidden import environment_is_hidden

RULE = Rule("EL082", "dns-credentials-missing", Severity.MEDIUM)


def check(project: Project) -> Iterator[Found]:
    """Each resolver with a provider that is known here."""
    for resolver in resolvers(project):
        traefik, provider = resolver.traefik.service, resolver.get("dnschallenge.provider")
        if traefik is None or provider is None or not provider.known:
            continue
        starts, wanted = PROVIDERS.get(provider.text.lower(), ((), ()))
        if not wanted or any(name.upper().startswith(starts) for name in traefik.environment):
            continue
        if environment_is_hidden(project, traefik):
            yield Found(
                traefik.name,
                f"whether `{traefik.name}` has a login for `{provider.text}` can't be seen here",
                provider.spot,
                severity=Severity.INFO,
                outcome=Outcome.UNKNOWN,
            )
            continue
        yield Found(
            traefik.name,
            f"the resolver `{resolver.name}` needs a login for `{provider.text}`, and `{traefik.name}` has no "
            + " or ".join(" and ".join(f"`{name}`" for name in alternative) for alternative in wanted[:2]),
            provider.spot,
            f"set it in the environment of `{traefik.name}`, best as `{wanted[0][0]}_FILE` with a secret",
        )

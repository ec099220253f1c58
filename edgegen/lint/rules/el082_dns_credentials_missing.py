"""A challenge by DNS without a login at the provider.

What it does
    Knows which variables the usual DNS providers need, and reports a Traefik that has none of them, one whose variables
    are not a whole login (`CF_API_TOKEN`), or one that names a file (`…_FILE`) where nothing is mounted. Where an
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

from collections.abc import Iterator, Mapping

from edgegen.core.finding import Outcome, Severity
from edgegen.core.show import shown
from edgegen.lint.model import Project, Service, Value
from edgegen.lint.rule import Found, Rule
from edgegen.lint.views.acme import resolvers
from edgegen.lint.views.dns_providers import ALSO, PROVIDERS
from edgegen.lint.views.hidden import environment_is_hidden
from edgegen.lint.views.image import holds_only_mounts
from edgegen.lint.views.paths import place_of

RULE = Rule("EL082", "dns-credentials-missing", Severity.MEDIUM)


def check(project: Project) -> Iterator[Found]:
    """Each resolver with a provider that is known here."""
    for resolver in resolvers(project):
        traefik, provider = resolver.traefik.service, resolver.get("dnschallenge.provider")
        if traefik is None or provider is None or not provider.known:
            continue
        starts, wanted = PROVIDERS.get(provider.text.lower(), ((), ()))
        if not wanted:
            continue
        said = {name: value for name, value in traefik.environment.items() if name.upper().startswith(starts)}
        if said:
            yield from _files(project, traefik, said)
            if not environment_is_hidden(project, traefik):
                yield from _incomplete(traefik, provider, said)
            continue
        if environment_is_hidden(project, traefik):
            message = f"whether `{traefik.name}` has a login for `{provider.text}` can't be seen here"
            yield Found(traefik.name, message, provider.spot, severity=Severity.INFO, outcome=Outcome.UNKNOWN)
            continue
        yield Found(
            traefik.name,
            f"the resolver `{resolver.name}` needs a login for `{provider.text}`, and `{traefik.name}` has no "
            + " or ".join(" and ".join(f"`{name}`" for name in alternative) for alternative in wanted[:2]),
            provider.spot,
            f"set it in the environment of `{traefik.name}`, best as `{wanted[0][0]}_FILE` with a secret",
        )


def _incomplete(traefik: Service, provider: Value, said: Mapping[str, Value | None]) -> Iterator[Found]:
    """Variables of the provider that together are not a login."""
    name = provider.text.lower()
    if name not in ALSO:
        return
    there = {variable.removesuffix("_FILE") for variable in said}
    ways = (*PROVIDERS[name][1], *ALSO[name])
    if any(there.issuperset(way) for way in ways):
        return
    asked = " or ".join(" and ".join(f"`{variable}`" for variable in way) for way in PROVIDERS[name][1])
    near = next((value for variable, value in said.items() if value is not None), None)
    listed = ", ".join(f"`{shown(variable)}`" for variable in said)
    message = f"`{traefik.name}` has {listed}, which is not a login for `{name}`: it needs {asked}"
    yield Found(traefik.name, message, near.spot if near else provider.spot)


def _files(project: Project, traefik: Service, said: Mapping[str, Value | None]) -> Iterator[Found]:
    """Variables whose file is not in the container: lego then passes them over."""
    for name, value in said.items() if holds_only_mounts(traefik) else ():
        if value is None or not value.known or not name.endswith("_FILE") or not value.text.startswith("/"):
            continue
        if place_of(project, traefik, value.text) is None:
            yield Found(
                traefik.name,
                f"nothing is mounted at `{shown(value.text)}` into `{traefik.name}`, where `{name}` has a login for "
                "the DNS provider",
                value.spot,
                f"mount it, for example as a secret: `secrets: [NAME]` at `{traefik.name}`",
            )

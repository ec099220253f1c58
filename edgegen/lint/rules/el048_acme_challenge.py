"""A certificates resolver that can't get a certificate.

What it does
    Looks at the challenges of each ACME resolver: none, `httpChallenge` without an entrypoint or with one that is not
    there, several at once, a `dnsChallenge` without a provider or with one whose name is misspelt, and a profile whose
    certificates live shorter than `certificatesDuration` says. Then at the e-mail address: Let's Encrypt opens no
    account for one at example.com, example.net or example.org. It is reported if a router has a public host elsewhere.

Why
    Traefik starts, and says something only when it asks for the first certificate. Until then, and after, browsers see
    its own self-signed certificate.

Example
    `--certificatesresolvers.le.acme.httpchallenge=true`

Instead
    `--certificatesresolvers.le.acme.httpchallenge.entrypoint=web`
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.certificates.example_address import is_of_examples, is_real
from edgegen.core.finding import Severity
from edgegen.core.show import shown
from edgegen.core.suggest import did_you_mean, suggest
from edgegen.lint.edge import edge_of
from edgegen.lint.model import Project
from edgegen.lint.rule import Confidence, Found, Rule
from edgegen.lint.statics import Judged, entrypoints, is_on, judged, known
from edgegen.lint.views.acme import CHALLENGES
from edgegen.lint.views.dns_providers import NAMES
from edgegen.traefik.rule_hosts import hosts_of

RULE = Rule("EL048", "acme-challenge", Severity.HIGH)
_HOURS = {"shortlived": 160}
_USUAL = 2160


def check(project: Project) -> Iterator[Found]:
    """Each resolver that is for ACME."""
    for item in judged(project):
        for name in item.static.names("certificatesresolvers"):
            group = f"certificatesresolvers.{name}.acme"
            if item.static.has(group):
                yield from _challenges(item, name, group)
                yield from _provider(item, name, group)
                yield from _profile(item, name, group)
                yield from _email(project, item, name, group)


def _challenges(item: Judged, name: str, group: str) -> Iterator[Found]:
    on = [kind for kind in CHALLENGES if is_on(item.static, f"{group}.{kind}")]
    usable = [kind for kind in on if not _lacks(item, group, kind)]
    if not usable and item.whole:
        why = _lacks(item, group, on[0]) if on else "has no challenge"
        message = f"the resolver `{shown(name)}` {why}: it gets no certificate"
        yield Found(item.subject, message, item.spot(f"{group}.{on[0]}" if on else group), _INSTEAD)
    if len(on) > 1:
        message = f"the resolver `{shown(name)}` has several challenges: {' and '.join(on)}; Traefik takes one of them"
        yield Found(item.subject, message, item.spot(f"{group}.{on[-1]}"), "keep one", Severity.LOW)
    entrypoint = known(item.static, f"{group}.httpchallenge.entrypoint")
    if entrypoint and item.whole and entrypoint not in entrypoints(item):
        message = f"there is no entrypoint `{shown(entrypoint)}`, so the resolver `{shown(name)}` gets no certificate"
        hint = did_you_mean(entrypoint, entrypoints(item))
        yield Found(item.subject, message, item.spot(f"{group}.httpchallenge.entrypoint"), hint)


def _provider(item: Judged, name: str, group: str) -> Iterator[Found]:
    option = f"{group}.dnschallenge.provider"
    provider = known(item.static, option)
    if provider and provider not in NAMES and (near := suggest(provider, NAMES)):
        message = f"no DNS provider is called `{shown(provider)}`, so the resolver `{shown(name)}` gets no certificate"
        yield Found(item.subject, message, item.spot(option), f"did you mean `{near}`?", confidence=Confidence.MEDIUM)


_INSTEAD = "set `httpChallenge.entryPoint`, `tlsChallenge` or `dnsChallenge.provider`"


def _lacks(item: Judged, group: str, kind: str) -> str:
    needed = {"httpchallenge": "entrypoint", "dnschallenge": "provider"}.get(kind)
    if needed is None:
        return ""
    value = item.static.get(f"{group}.{kind}.{needed}")
    if value is not None and (value.text or not value.known):
        return ""
    return f"has a `{kind}` without `{needed}`"


def _profile(item: Judged, name: str, group: str) -> Iterator[Found]:
    profile = known(item.static, f"{group}.profile")
    hours = known(item.static, f"{group}.certificatesduration")
    if profile not in _HOURS or (hours is not None and not hours.isdigit()):
        return
    said = int(hours) if hours else _USUAL
    if said > _HOURS[profile]:
        message = (
            f"certificates of the profile `{profile}` live {_HOURS[profile]} hours, and the resolver `{shown(name)}` "
            f"reckons with {said}: it renews them every day, and soon meets the limit of the authority"
        )
        hint = f"set `certificatesDuration` to {_HOURS[profile]}"
        yield Found(item.subject, message, item.spot(f"{group}.profile"), hint, Severity.MEDIUM)


def _email(project: Project, item: Judged, name: str, group: str) -> Iterator[Found]:
    """An address that nobody replaced. The same file with the hosts of an example is an example itself."""
    email, server = known(item.static, f"{group}.email"), item.static.get(f"{group}.caserver")
    if email is None or not is_of_examples(email) or not (server is None or "letsencrypt.org" in server.text):
        return
    hosts = (host for router in edge_of(project).of("routers") for host in hosts_of(router.text("rule")))
    if any(is_real(host) for host in hosts):
        message = (
            f"Let's Encrypt opens no account for `{shown(email)}`: the resolver `{shown(name)}` gets no certificate"
        )
        yield Found(item.subject, message, item.spot(f"{group}.email"), "write your own address, or remove the option")

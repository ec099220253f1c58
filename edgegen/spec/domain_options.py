"""What a domain and its hosts can't ask of their provider, each with its place. Pure."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Sequence

from edgegen.core.location import Path
from edgegen.core.show import shown
from edgegen.core.suggest import did_you_mean
from edgegen.provider_names import PROVIDERS
from edgegen.spec.domain import AUTO, Domain, HostOverride
from edgegen.spec.edge import Spec
from edgegen.spec.problems import Complaint
from edgegen.spec.published_address import never_proxied, unusable


def broken_domains(spec: Spec) -> Iterator[Complaint]:
    """Proxies that a provider doesn't have, and addresses that no host can have or that Cloudflare can't proxy."""
    for zone, domain in spec.domains.items():
        at: Path = ("domains", zone)
        yield from _unknown_options(domain, (*at, "provider"))
        yield from _options(domain, domain, at)
        for host, override in domain.hosts.items():
            yield from _options(domain, override, (*at, "hosts", host))
            if override.cname == host:
                yield Complaint((*at, "hosts", host, "cname"), f"`{host}` would be a CNAME of itself")


def _unknown_options(domain: Domain, at: Path) -> Iterator[Complaint]:
    known = PROVIDERS[domain.keeper].options if domain.keeper in PROVIDERS else ()
    for name in domain.options:
        if name not in known:
            hint = did_you_mean(name, known, f"options are {', '.join(known)}" if known else "remove it")
            yield Complaint((*at, name), f"{domain.keeper} has no option `{shown(name)}`", hint, at_key=True)


def _options(domain: Domain, options: Domain | HostOverride, at: Path) -> Iterator[Complaint]:
    if options.proxied and domain.is_planned and not domain.capabilities.proxy:
        what = "a zone file" if domain.capabilities.is_file else f"the provider {domain.keeper}"
        yield Complaint((*at, "proxied"), f"{what} has no proxy", "remove `proxied`, or use `provider: cloudflare`")
    proxied = domain.proxied if options.proxied is None else options.proxied
    is_proxied = proxied and domain.capabilities.proxy
    yield from _addresses(options.addresses or (), (*at, "addresses"), proxied=is_proxied)


def _addresses(addresses: Sequence[str], at: Path, *, proxied: bool) -> Iterator[Complaint]:
    for index, text in enumerate(addresses):
        if text in AUTO:
            continue
        problem = unusable(ipaddress.ip_address(text)) or (never_proxied(text) if proxied else None)
        if problem is not None:
            yield Complaint((*at, index), f"`{text}` {problem}")

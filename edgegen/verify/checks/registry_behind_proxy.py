"""The registry is not behind Cloudflare's proxy.

What it does
    Looks for signs of Cloudflare (`cf-ray`, `server: cloudflare`) in everything that a registry's host answers.

Why
    Cloudflare limits request bodies to 100 MB (Free and Pro; 200 MB Business), and a push sends each layer in one
    request. Small images work, until one day a layer is too large.

Example
    `docker push commenthouse.com/app` ends with `413 Payload Too Large` at the largest layer.

Instead
    Set `hosts: {commenthouse.com: {proxied: false}}` under the domain and run `edgegen dns sync`, or give the registry
    its own host.

Verdicts
    registry-behind-proxy: Cloudflare's proxy answers for it. A remark for a pull-through cache, which accepts no
        pushes, and if the spec says `proxied: false`: then EV002 reports it.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.endpoints import Aspect, Endpoint, Kind
from edgegen.verify.checks.addresses import by_address
from edgegen.verify.checks.check import Check, Context, Fault, Good, Hop, Judgement, Unseen, Verdict
from edgegen.verify.checks.expected import Expected
from edgegen.verify.checks.reached import handshake
from edgegen.verify.observation import AddressSeen, Observation, Response

REGISTRY_BEHIND_PROXY = Verdict("registry-behind-proxy", Severity.HIGH)


def judge(seen: Observation, context: Context) -> Iterator[Judgement]:
    """All answers of every address."""
    if seen.endpoint.kind is Kind.REGISTRY:
        expected = Expected(seen.endpoint, context.cloudflare)
        yield from by_address(
            seen,
            lambda address: _of_address(address, seen.endpoint, expected.told_elsewhere(address.address, seen.names)),
            aspect=Aspect.PROXIED,
        )


def _of_address(address: AddressSeen, endpoint: Endpoint, told: bool) -> Iterator[Judgement]:
    answers = [answer for answer in _answers(address) if answer.status]
    if any(answer.header("cf-ray") or answer.header("server").lower() == "cloudflare" for answer in answers):
        yield _fault(endpoint, told)
    elif answers:
        yield Good("Cloudflare's proxy does not answer for it")
    else:
        tls = handshake(address)
        yield tls if isinstance(tls, Unseen) else Unseen("it gave no answer over HTTP")


def _answers(address: AddressSeen) -> Iterator[Response]:
    yield from (*address.answers, *address.plain)
    if address.registry:
        yield from filter(None, (address.registry.anonymous, address.registry.wrong, address.registry.right))


def _fault(endpoint: Endpoint, told: bool) -> Fault:
    """`told`: another check already reports the unwanted proxy."""
    hint = f"`hosts: {{{endpoint.host}: {{proxied: false}}}}` under its domain and `edgegen dns sync`, or another host"
    if not endpoint.zone:
        hint = "turn the proxy off for this name (DNS only), or give the registry its own host"
    if not endpoint.writable:
        pulls = "Cloudflare's proxy answers for this cache: pulls of large layers depend on its limits"
        return Fault(REGISTRY_BEHIND_PROXY, pulls, hint, Severity.LOW, aspect=Aspect.PROXIED)
    cuts = "Cloudflare's proxy answers for this registry, and cuts off every layer over 100 MB"
    return Fault(REGISTRY_BEHIND_PROXY, cuts, hint, Severity.LOW if told else Severity.HIGH, aspect=Aspect.PROXIED)


CHECK = Check("EV019", "registry-behind-proxy", Hop.SERVICE, (REGISTRY_BEHIND_PROXY,), judge)

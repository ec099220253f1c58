"""Builders of what was seen, healthy unless said otherwise. A table of a check then names only what is wrong.

`observation()` is one healthy web endpoint with one live address, judged at `NOW`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

from edgegen.certificates.certificate import CertificateSeen
from edgegen.core.finding import Finding
from edgegen.core.location import Location
from edgegen.endpoints import Endpoint, Kind
from edgegen.lookup import Reply, Server, Status
from edgegen.verify.checks.check import Check, Context
from edgegen.verify.observation import (
    AddressSeen,
    Failure,
    NamesSeen,
    Observation,
    Phase,
    RegistrySeen,
    Response,
    TlsSeen,
    Trouble,
)

NOW = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
HOST = "www.example.com"
ADDRESS = "192.0.2.10"
OTHER_ADDRESS = "192.0.2.11"
HSTS = "max-age=63072000; includeSubDomains"
WHERE = Location("edge.yaml", 14, 7)
RESOLVER = Server("192.0.2.53")
TRAEFIK_404 = b"404 page not found\n"


def days(number: float) -> timedelta:
    """So many days."""
    return timedelta(days=number)


def context(now: datetime = NOW, **changes: Any) -> Context:
    """Judged at `NOW`."""
    return Context(now=now, **changes)


def endpoint(host: str = HOST, **changes: Any) -> Endpoint:
    """A web service of which the spec wants its address, a certificate of Let's Encrypt over HTTP-01, and HSTS."""
    wanted: dict[str, Any] = {
        "name": "web",
        "ipv4": (ADDRESS,),
        "ipv6": (),
        "proxied": False,
        "zone": "example.com",
        "ca": "letsencrypt",
        "challenge": "http",
        "hsts": True,
        "places": {"host": WHERE},
    }
    return Endpoint(host=host, **{**wanted, **changes})


def stranger(host: str = HOST, **changes: Any) -> Endpoint:
    """A host without a spec: nobody has said anything of it."""
    return Endpoint(name=host, host=host, **changes)


def reply(*values: str, status: Status = Status.ANSWER, **changes: Any) -> Reply:
    """The answer of a resolver."""
    return Reply(**{"server": RESOLVER, "status": status, "values": values, "ttl": 300, **changes})


def names(*addresses: str, **changes: Any) -> NamesSeen:
    """What the resolver and one authority of the zone say, of one mind. Addresses of both families, as they come."""
    found = {family: _family(addresses or (ADDRESS,), family) for family in (4, 6)}
    authority = Server("192.0.2.54", name="ns1.example.com")
    seen = tuple((family, Reply(authority, one.status, one.values, one.ttl)) for family, one in found.items())
    return NamesSeen(**{"resolved": found, "authorities": seen, **changes})


def _family(addresses: Iterable[str], family: int) -> Reply:
    values = sorted(address for address in addresses if (":" in address) == (family == 6))
    return reply(*values) if values else reply(status=Status.NODATA, ttl=0)


def certificate(name: str = HOST, **changes: Any) -> CertificateSeen:
    """A certificate of Let's Encrypt for 90 days, of which 60 are left."""
    cn = changes.get("common_name", name)
    issuer = changes.get("issuer", "CN=YE1,O=Let's Encrypt,C=US")
    good: dict[str, Any] = {
        "subject": f"CN={cn}",
        "issuer": issuer,
        "common_name": name,
        "issuer_name": issuer.partition("CN=")[2].partition(",")[0],
        "names": (name,),
        "not_before": NOW - days(30),
        "not_after": NOW + days(60),
        "serial": "04a1b2c3",
        "fingerprint": "ab" * 32,
        "key": "EC secp256r1",
        "key_bits": 256,
        "signature": "sha384",
    }
    return CertificateSeen(**{**good, **changes})


def intermediate(**changes: Any) -> CertificateSeen:
    """The authority that has issued `certificate()`."""
    good: dict[str, Any] = {
        "subject": "CN=YE1,O=Let's Encrypt,C=US",
        "issuer": "CN=Root YE,O=ISRG,C=US",
        "common_name": "YE1",
        "issuer_name": "Root YE",
        "names": (),
        "not_before": NOW - days(300),
        "not_after": NOW + days(795),
        "serial": "1122",
        "fingerprint": "cd" * 32,
        "key": "EC secp384r1",
        "key_bits": 384,
        "signature": "sha384",
    }
    return CertificateSeen(**{**good, **changes})


def tls(**changes: Any) -> TlsSeen:
    """A verified handshake. `leaf=` replaces the server's own certificate in the healthy chain."""
    leaf = changes.pop("leaf", None) or certificate()
    good: dict[str, Any] = {
        "verified": True,
        "protocol": "TLSv1.3",
        "cipher": "TLS_AES_128_GCM_SHA256",
        "chain": (leaf, intermediate()),
    }
    return TlsSeen(**{**good, **changes})


def untrusted(code: int, message: str = "", **changes: Any) -> TlsSeen:
    """A chain that was read without verification, after OpenSSL had refused it with a code."""
    return tls(verified=False, verify_code=code, verify_message=message, **changes)


def failure(trouble: Trouble, phase: Phase = Phase.CONNECT, detail: str = "", seconds: float = 0.1) -> Failure:
    """An attempt that came to nothing."""
    return Failure(trouble, phase, detail, seconds)


def response(
    url: str = f"https://{HOST}/", status: int = 200, *, headers: Mapping[str, str] | None = None, **changes: Any
) -> Response:
    """An answer, with HSTS over https and the right time. `headers` are added; a value "" takes one away."""
    good = {"date": format_datetime(changes.get("at") or NOW, usegmt=True), "content-type": "text/html"}
    if url.startswith("https://"):
        good["strict-transport-security"] = HSTS
    wanted = {**good, **{name.lower(): value for name, value in (headers or {}).items()}}
    seen = tuple((name, value) for name, value in wanted.items() if value)
    return Response(**{"url": url, "status": status, "headers": seen, "seconds": 0.05, "at": NOW, **changes})


def broken(trouble: Trouble, phase: Phase = Phase.HEADER, *, url: str = f"https://{HOST}/", **changes: Any) -> Response:
    """A request that came to nothing."""
    return Response(**{"url": url, "failure": failure(trouble, phase), "seconds": 10.0, **changes})


def redirect(url: str, location: str, status: int = 301, **changes: Any) -> Response:
    """A redirect; `location` "" leaves the header out."""
    return response(url, status, headers={"location": location, **changes.pop("headers", {})}, **changes)


def plain(location: str | None = None, status: int = 301, *, host: str = HOST, **changes: Any) -> Response:
    """The answer to plain HTTP, by default the redirect to https that keeps path and query."""
    url = changes.pop("url", f"http://{host}/edgegen-probe?edgegen=1")
    goal = f"https{url.removeprefix('http')}" if location is None else location
    return redirect(url, goal, status, **changes)


def traefik_404(url: str = f"https://{HOST}/") -> Response:
    """What Traefik answers where no router matches: 19 bytes, as seen on 3.7.15. No HSTS: no router, no middleware."""
    headers = (
        ("content-type", "text/plain; charset=utf-8"),
        ("x-content-type-options", "nosniff"),
        ("date", format_datetime(NOW, usegmt=True)),
        ("content-length", "19"),
    )
    return Response(url, 404, headers, TRAEFIK_404, 0.01, None, NOW)


def exposed(host: str = HOST, status: int = 404) -> tuple[Response, ...]:
    """Nothing of Traefik's own is shown, and port 8080 is closed."""
    return tuple(
        response(f"https://{host}{path}", status, body=b"not here") for path in ("/api/rawdata", "/dashboard/")
    ) + tuple(
        broken(Trouble.REFUSED, Phase.CONNECT, url=f"http://{host}:8080{path}")
        for path in ("/api/rawdata", "/dashboard/")
    )


def registry_seen(host: str = HOST, **changes: Any) -> RegistrySeen:
    """A registry with its own password file, asked without, with wrong and with right credentials."""
    url = f"https://{host}/v2/"
    own = {"docker-distribution-api-version": "registry/2.0", "content-type": "application/json"}
    asks = {**own, "www-authenticate": 'Basic realm="registry"'}
    body = b'{"errors":[{"code":"UNAUTHORIZED","message":"authentication required","detail":null}]}\n'
    good: dict[str, Any] = {
        "anonymous": response(url, 401, headers=asks, body=body),
        "wrong": response(url, 401, headers=asks, body=body),
        "right": response(url, 200, headers=own, body=b"{}"),
        "user": "ci",
        "source": "the environment",
    }
    return RegistrySeen(**{**good, **changes})


def address_seen(address: str = ADDRESS, *, host: str = HOST, **changes: Any) -> AddressSeen:
    """A live address on which all is well. An address that can't be connected to shows nothing else."""
    if changes.get("connect") or changes.get("not_public"):
        return AddressSeen(address, **changes)
    good: dict[str, Any] = {
        "tls": tls(leaf=certificate(host)),
        "answers": (response(f"https://{host}/"),),
        "plain": (plain(host=host),),
        "exposed": exposed(host),
    }
    good = {**good, **changes}
    if good["tls"] is None or good["tls"].failure:  # without TLS nothing is asked over it
        good = {**good, "answers": changes.get("answers", ()), "exposed": changes.get("exposed", ())}
    return AddressSeen(address, **good)


def observation(*addresses: AddressSeen, **changes: Any) -> Observation:
    """A healthy endpoint at one address. `endpoint=` and `names=` replace their parts, other words go to `Observation`.

    Words of `AddressSeen` (`tls=`, `answers=`, `plain=` …) change its one address.
    """
    wanted: Endpoint = changes.pop("endpoint", None) or endpoint()
    own = {name: changes.pop(name) for name in tuple(changes) if name in AddressSeen.__struct_fields__}
    if not addresses:
        addresses = (address_seen(host=wanted.host, **{**_healthy(wanted), **own}),)
    seen = changes.pop("names", None) or names(*(one.address for one in addresses))
    return Observation(wanted, names=seen, addresses=tuple(addresses), **changes)


def _healthy(wanted: Endpoint) -> dict[str, Any]:
    """What differs from a healthy web service, by the kind of endpoint."""
    own: dict[str, Any] = {}
    if wanted.kind is Kind.REGISTRY:
        own["registry"] = registry_seen(wanted.host)
    if wanted.goal:
        status = 302 if wanted.goal.permanent is False else 301
        own["answers"] = (redirect(wanted.url, wanted.goal.url, status),)
    if wanted.kind is Kind.DASHBOARD:
        own["answers"] = (response(wanted.url, 401, headers={"www-authenticate": 'Basic realm="traefik"'}),)
        own["exposed"] = exposed(wanted.host, 401)
    if not wanted.speaks_http:
        own.update(answers=(), exposed=())
    if wanted.web_port is None:
        own["plain"] = ()
    return own


def judged(check: Check, seen: Observation, **changes: Any) -> list[Finding]:
    """What a check says of an observation; words change the context."""
    return list(check.judge(seen, context(**changes)))


def words(check: Check, seen: Observation, **changes: Any) -> list[str]:
    """The verdicts of a check on an observation."""
    return [finding.verdict for finding in judged(check, seen, **changes)]


def verdicts(check: Check, seen: Observation, **changes: Any) -> list[tuple[str, str]]:
    """The verdicts with their severities."""
    return [(finding.verdict, finding.severity.value) for finding in judged(check, seen, **changes)]


def dead(address: str = OTHER_ADDRESS, trouble: Trouble = Trouble.REFUSED) -> AddressSeen:
    """An address that can't be connected to."""
    return address_seen(address, connect=failure(trouble), plain_connect=failure(trouble))


def without_tls(trouble: Trouble = Trouble.TIMEOUT, **changes: Any) -> TlsSeen:
    """No handshake at all."""
    return TlsSeen(failure=failure(trouble, Phase.TLS), **changes)


UNREACHED = {
    "no address": Observation(endpoint()),
    "refused": observation(dead(ADDRESS)),
    "not public": observation(address_seen(not_public=True)),
    "no TLS": observation(tls=without_tls()),
    "stopped": Observation(endpoint(), incomplete=True),
}
"""Nothing that a check of certificates or answers could judge: another check says why."""

"""The names of the certificate.

What it does
    Compares the host with the names (SAN) in the certificate of every address. `*.example.com` covers one label: it
    covers `a.example.com`, but not `a.b.example.com` or `example.com`. The common name (CN) does not count.

Why
    Every client refuses a certificate for another name. Python's own TLS still reads the CN and accepts a certificate
    without any SAN, which no browser does.

Example
    The certificate is for `www.example.com`, but the requested host is `example.com`.

Instead
    Give the host its own router with `tls.certresolver`, as edgegen renders it; a wildcard certificate needs
    `acme.challenge: dns` and covers only one level.

Verdicts
    name-mismatch: none of its names covers the host.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.certificates.certificate import CertificateSeen
from edgegen.certificates.issuers import is_traefik_default
from edgegen.certificates.names import covers, nearly_covers
from edgegen.core.finding import Severity
from edgegen.core.show import first_few, shown
from edgegen.endpoints import Endpoint, Kind
from edgegen.verify.checks.check import Check, Context, Fault, Good, Hop, Judgement, Unseen, Verdict
from edgegen.verify.checks.reached import by_part, handshake
from edgegen.verify.observation import Observation, TlsSeen

NAME_MISMATCH = Verdict("name-mismatch", Severity.HIGH)

OPENSSL_MISMATCH = (62, 63, 64)
"""X509_V_ERR_HOSTNAME_MISMATCH, _EMAIL_MISMATCH, _IP_ADDRESS_MISMATCH."""


def judge(seen: Observation, _: Context) -> Iterator[Judgement]:
    """The certificate of every address."""
    return by_part(seen, handshake, lambda _, tls: [_judged(tls, seen.endpoint)])


def _judged(tls: TlsSeen, endpoint: Endpoint) -> Judgement:
    if tls.certificate is None:
        return _by_the_code(tls, endpoint)
    if is_traefik_default(tls.certificate):
        return Unseen("Traefik shows its default certificate, which has no name of any host")
    if tls.verify_code in OPENSSL_MISMATCH or not covers(tls.certificate.names, endpoint.host):
        return Fault(NAME_MISMATCH, _names(tls.certificate), _hint(tls.certificate, endpoint))
    return Good(f"it is for {_listed(tls.certificate)}")


def _by_the_code(tls: TlsSeen, endpoint: Endpoint) -> Judgement:
    """OpenSSL has compared the name, though the certificate could not be read a second time."""
    if tls.verify_code in OPENSSL_MISMATCH:
        return Fault(NAME_MISMATCH, "the certificate is for another name, says OpenSSL", _other_server(endpoint))
    return Good("it is for this host") if tls.verified else Unseen("the certificate could not be read")


def _names(certificate: CertificateSeen) -> str:
    if certificate.names:
        return f"the certificate is for {_listed(certificate)} only"
    cn = f" but its CN `{shown(certificate.common_name)}`, which clients don't read" if certificate.common_name else ""
    return f"the certificate has no names{cn}"


def _listed(certificate: CertificateSeen) -> str:
    return first_few(f"`{shown(name)}`" for name in certificate.names)


def _hint(certificate: CertificateSeen, endpoint: Endpoint) -> str:
    if wildcard := nearly_covers(certificate.names, endpoint.host):
        hint = f"`{shown(wildcard)}` covers only one label"
        return f"{hint}; Cloudflare's own certificates cover one level" if endpoint.proxied else hint
    return _other_server(endpoint)


def _other_server(endpoint: Endpoint) -> str:
    if endpoint.kind is Kind.TCP:
        return "it is the service's own certificate: issue it for this host"
    if endpoint.has_spec:
        return "does another server answer there (`edgegen dns plan`), or has Traefik no router with TLS for this host?"
    return "does another server answer there, or does the server have no certificate for this host?"


CHECK = Check("EV009", "certificate-name", Hop.TLS, (NAME_MISMATCH,), judge)

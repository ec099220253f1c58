"""What was seen, as frozen data: the only thing that checks judge. Pure; times are aware and in UTC."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct, field

from edgegen.certificates.certificate import CertificateSeen
from edgegen.endpoints import Endpoint
from edgegen.lookup import Reply
from edgegen.net.answer import WANTS_A_CERTIFICATE, Failure, Phase, Response, Trouble, in_words

__all__ = [
    "NOT_WANTED", "WANTS_A_CERTIFICATE", "AddressSeen", "CaaSeen", "CertificateSeen", "Failure", "NamesSeen",
    "Observation", "Phase", "PushSeen", "RegistrySeen", "Response", "Step", "StepSeen", "TlsSeen", "Trouble",
    "in_words",
]  # fmt: skip


class NamesSeen(Struct, frozen=True):
    """What the DNS says about one host. A family that was not asked for is absent."""

    resolved: dict[int, Reply] = field(default_factory=dict)
    """4 and 6 -> the resolver's answer to A and AAAA."""
    authorities: tuple[tuple[int, Reply], ...] = ()
    """(family, answer) of every address of every authoritative server of the zone."""
    authorities_trouble: str = ""
    """Why the authoritative servers could not be found, or ""."""
    bogus: bool = False
    """SERVFAIL, but an answer as soon as DNSSEC is not checked (CD)."""
    cname: tuple[str, ...] = ()
    """The CNAMEs that were followed, in order."""
    detour: str = ""
    """`--connect-to` names an address: the DNS was not needed (its answers, where it was asked, are still judged)."""
    dnssec_trouble: str = ""
    """Why resolvers that check DNSSEC refuse the zone, although this one may answer; or ""."""

    @property
    def addresses(self) -> tuple[str, ...]:
        """All addresses that the resolver gave, IPv4 first."""
        return tuple(value for family in (4, 6) if family in self.resolved for value in self.resolved[family].values)


class CaaSeen(Struct, frozen=True):
    """The CAA records that hold for a host."""

    records: tuple[str, ...] | None = None
    """In presentation form; () for none, None where this machine got no answer."""
    failed_at: str = ""
    """The name at which the question failed (SERVFAIL): certificate authorities then issue nothing."""


class TlsSeen(Struct, frozen=True):
    """One address's TLS under one name. With `failure` there was no handshake at all, verified or not."""

    failure: Failure | None = None
    verified: bool = False
    verify_code: int = 0
    """OpenSSL's X509_V_ERR_… of the verified handshake, 0 where it succeeded."""
    verify_message: str = ""
    protocol: str = ""
    """`TLSv1.3`."""
    cipher: str = ""
    alpn: str = ""
    chain: tuple[CertificateSeen, ...] = ()
    """As sent, the server's own first; read without verification where the verified handshake failed."""
    missing_issuer: CertificateSeen | None = None
    """The issuer that was not sent and completes the chain: fetched from where the certificate says, or known."""
    old_protocol: str = ""
    """The protocol that was agreed on where only old ones are supported: `TLSv1.1`."""
    weak: tuple[str, ...] = ()
    """What it accepts besides good TLS: `TLSv1.1 ECDHE-RSA-AES128-SHA`."""
    weak_trouble: str = ""
    """Why weak TLS could not be checked, or ""."""

    @property
    def certificate(self) -> CertificateSeen | None:
        """The server's own certificate."""
        return self.chain[0] if self.chain else None


NOT_WANTED = "no login is wanted"
"""`RegistrySeen.right_skipped` with `--no-login`."""


class RegistrySeen(Struct, frozen=True):
    """`/v2/` of one address, over verified TLS where credentials are sent; None: not asked (no credentials …)."""

    anonymous: Response
    wrong: Response | None = None
    """With credentials that can't be right."""
    pull: Response | None = None
    """A pull of what does not exist, without credentials: asked where the spec lets everyone pull."""
    right: Response | None = None
    """With the user's own."""
    right_skipped: str = ""
    """Why `right` was not tried: `no credentials`, `the certificate is not trusted` …"""
    user: str = ""
    source: str = ""
    """Where the credentials came from."""


class AddressSeen(Struct, frozen=True):
    """One address of one endpoint. Parts that were not reached are None or empty."""

    address: str
    not_public: bool = False
    """Not connected to: no spec names it, and it is not an address of the internet."""
    connect: Failure | None = None
    """The TLS port can't be connected to."""
    tls: TlsSeen | None = None
    answers: tuple[Response, ...] = ()
    """GET of the endpoint's path over https, and where redirects on the same host led."""
    loop: bool = False
    """The redirects in `answers` came back to a URL that had been there, or were more than 10."""
    beyond: Failure | None = None
    """Why the port can't be connected to that the last of `answers` redirects to, if it is another one of the host."""
    plain: tuple[Response, ...] = ()
    """GET over plain HTTP of a path with a query; one element. Empty: not asked."""
    plain_connect: Failure | None = None
    """The web port can't be connected to."""
    registry: RegistrySeen | None = None
    exposed: tuple[Response, ...] = ()
    """Answers to paths of Traefik's API and dashboard on this host, and to its port 8080."""

    @property
    def leaf(self) -> CertificateSeen | None:
        """Its own certificate."""
        return self.tls.certificate if self.tls else None

    @property
    def lives(self) -> bool:
        """Whether its TLS port takes connections."""
        return self.connect is None and not self.not_public


class Step(StrEnum):
    """The steps of a push, in their order."""

    START = "start"
    CHUNK = "chunk"
    SLOW = "slow"
    FINALISE = "finalise"
    MANIFEST = "manifest"
    PULL_TAG = "pull by tag"
    PULL_DIGEST = "pull by digest"
    PULL_BLOB = "pull of the blob"
    DELETE = "delete"


class StepSeen(Struct, frozen=True):
    """One step of a push. `ok` is what the registry's protocol demands of it; `fault` says in words what was wrong."""

    step: Step
    url: str = ""
    status: int = 0
    seconds: float = 0.0
    sent: int = 0
    """Bytes of the body that were sent, or read when pulling."""
    ok: bool = True
    fault: str = ""
    location: str = ""
    """The `Location` of an upload's answer."""
    failure: Failure | None = None
    headers: tuple[tuple[str, str], ...] = ()
    codes: tuple[str, ...] = ()
    """Error codes of the registry's JSON answer: `BLOB_UPLOAD_UNKNOWN`, `DENIED` …"""


class PushSeen(Struct, frozen=True):
    """A whole round trip. `skipped` says why there was none."""

    steps: tuple[StepSeen, ...] = ()
    skipped: str = ""
    size: int = 0
    slow: float = 0.0
    cleaned: bool | None = None
    """Whether what was made is gone again; None: deletion is off."""


class Observation(Struct, frozen=True):
    """All that was seen of one endpoint."""

    endpoint: Endpoint
    names: NamesSeen = field(default_factory=NamesSeen)
    addresses: tuple[AddressSeen, ...] = ()
    caa: CaaSeen = field(default_factory=CaaSeen)
    """As far as it was asked for."""
    push: PushSeen | None = None
    circle: tuple[str, ...] = ()
    """The URLs over which redirects to other hosts of the run lead back to this one's."""
    seconds: float = 0.0
    incomplete: bool = False
    """The run was stopped before all was seen."""

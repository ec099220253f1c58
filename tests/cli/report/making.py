"""One run with everything in it that a report can show, and the pieces to make others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from edgegen.certificates.certificate import CertificateSeen
from edgegen.cli.report.model import Report
from edgegen.core.finding import Finding, Outcome, Severity
from edgegen.core.location import Location
from edgegen.endpoints import Endpoint, Goal, Kind
from edgegen.lookup import Reply, Server, Status
from edgegen.verify.observation import (
    AddressSeen,
    Failure,
    NamesSeen,
    Observation,
    Phase,
    PushSeen,
    Response,
    Step,
    StepSeen,
    TlsSeen,
    Trouble,
)

NOW = datetime(2026, 11, 24, 13, 20, 5, tzinfo=UTC)
ORIGIN, ORIGIN6 = "157.245.51.137", "2604:a880:400:d1::7f3:9001"
SERVER = Server("192.0.2.53")


def certificate(*names: str, begun: float = 30, left: float = 60, issuer: str = "R11", number: int = 1):
    """One that began `begun` days ago and ends in `left` days."""
    return CertificateSeen(
        subject=f"CN={names[0]}", issuer=f"CN={issuer},O=Let's Encrypt,C=US", common_name=names[0], issuer_name=issuer,
        names=names, not_before=NOW - timedelta(days=begun), not_after=NOW + timedelta(days=left),
        serial=f"{number:032x}", fingerprint=f"{number:064x}", key="EC secp256r1", key_bits=256, signature="sha384",
    )  # fmt: skip


def tls(own: CertificateSeen | None = None, **more):
    """A handshake that is as it should be."""
    good = {"verified": True, "protocol": "TLSv1.3", "cipher": "TLS_AES_128_GCM_SHA256"}
    return TlsSeen(chain=(own,) if own else (), **{**good, **more})


def address(where: str, own: CertificateSeen | None = None, status: int = 200, **more):
    """An address that answers."""
    return AddressSeen(where, tls=tls(own, **more), answers=(Response("https://example.com/", status),))


def dead(where: str, trouble: Trouble = Trouble.REFUSED, detail: str = "connection refused"):
    """An address that does not."""
    return AddressSeen(where, connect=Failure(trouble, Phase.CONNECT, detail))


def names(*values: str, cname: tuple[str, ...] = ()):
    """A resolver's answer."""
    found = {4: [value for value in values if ":" not in value], 6: [value for value in values if ":" in value]}
    replies = {
        family: Reply(SERVER, Status.ANSWER if some else Status.NODATA, tuple(some)) for family, some in found.items()
    }
    return NamesSeen(resolved=replies, cname=cname)


def endpoint(host: str, name: str = "web", line: int = 0, **more):
    """One with its line of the spec, where `line` says one."""
    places = {"host": Location("edge.yaml", line, 7)} if line else {}
    return Endpoint(name, host, places=places, **more)


def finding(of: Endpoint, id: str, name: str, message: str, outcome=Outcome.PASS, severity=Severity.INFO, **more):
    """A finding about an endpoint."""
    return Finding(id, name, severity, outcome, of.shown, message, of.place(), **more)


PASSED = (
    ("EV001", "dns-resolution", "A and AAAA are answered"), ("EV002", "dns-addresses", "the addresses are the spec's"),
    ("EV003", "certificate-expiry", "ends on 23 January 2027, 67 % of its life left"),
    ("EV004", "dns-consistency", "4 servers of the zone say the same"),
    ("EV006", "connection", "every address accepts connections on port 443"),
    ("EV007", "tls-handshake", "TLS 1.3"), ("EV008", "certificate-trust", "the chain leads to a known authority"),
    ("EV009", "certificate-name", "the certificate is for this name"),
    ("EV011", "tls-strength", "nothing weak is offered"), ("EV013", "http-answer", "HTTP 200 within 43 ms"),
    ("EV014", "https-redirect", "http leads to https by 301"),
)  # fmt: skip


def passed(of: Endpoint, *but: str):
    """What a healthy endpoint's checks say, without some."""
    return [finding(of, *words, verdict="ok") for words in PASSED if words[0] not in but]


def unseen(of: Endpoint, why: str, *ids: str):
    """What could not be seen."""
    known = {id: name for id, name, _ in PASSED}
    more = {"outcome": Outcome.UNKNOWN, "verdict": "not-seen"}
    return [finding(of, id, known[id], f"not seen: {why}", **more) for id in ids]


def bad(of: Endpoint, id: str, name: str, message: str, verdict: str, severity=Severity.HIGH, hint: str = ""):
    """A failure."""
    return finding(of, id, name, message, Outcome.FAIL, severity, verdict=verdict, hint=hint)


def report_of(*looked_at: tuple[Endpoint, Observation | None, list[Finding]], **more) -> Report:
    """A report of endpoints with what was seen and found."""
    return Report.of(
        [item for item, _, _ in looked_at], [seen for _, seen, _ in looked_at if seen],
        [found for _, _, findings in looked_at for found in findings],
        **{"started": NOW, "seconds": 4.217, "version": "0.4.0", **more},
    )  # fmt: skip


def healthy(host: str, name: str = "web", line: int = 0, number: int = 1, **more):
    """An endpoint with which all is well."""
    of = endpoint(host, name, line, **more)
    own = certificate(host, number=number)
    seen = Observation(of, names(ORIGIN, ORIGIN6), (address(ORIGIN, own), address(ORIGIN6, own)), seconds=0.412)
    return of, seen, passed(of)


def open_registry():
    """The worst that can be."""
    of = endpoint("commenthouse.com", "registry", 14, kind=Kind.REGISTRY, path="/v2/")
    own = certificate("commenthouse.com", left=60)
    steps = (
        StepSeen(Step.START, status=202, seconds=0.031), StepSeen(Step.CHUNK, status=202, seconds=1.2, sent=1048576),
        StepSeen(Step.FINALISE, status=413, seconds=0.4, ok=False, fault="413: the body is too large for something"),
    )  # fmt: skip
    push = PushSeen(steps, size=1048576, cleaned=False)
    seen = Observation(
        of, names(ORIGIN, ORIGIN6), (address(ORIGIN, own), address(ORIGIN6, own)), push=push, seconds=2.1
    )
    found = [
        *passed(of, "EV013"),
        bad(of, "EV018", "registry-auth", "anybody can push: /v2/ answers 200 without credentials", "registry-open",
            Severity.CRITICAL, "say `users: [ci]` at the registry and run `edgegen up`"),
        bad(of, "EV020", "registry-push", "an upload was cut at its end with 413", "body-limit",
            hint="something in front of the registry limits bodies: a proxy of the DNS provider, or `buffering`"),
    ]  # fmt: skip
    return of, seen, found


def half_dead():
    """One of two addresses refuses; the other says who it is with another's certificate."""
    of = endpoint("www.commenthouse.com", "web", 18)
    wrong = certificate("TRAEFIK DEFAULT CERT", begun=1, left=364, issuer="TRAEFIK DEFAULT CERT", number=7)
    first = address(ORIGIN, wrong, verified=False, verify_code=18, verify_message="self-signed certificate")
    seen = Observation(of, names(ORIGIN, ORIGIN6), (replace(first, answers=()), dead(ORIGIN6)), seconds=0.9)
    found = [
        *passed(of, "EV003", "EV006", "EV008", "EV009", "EV013"),
        bad(of, "EV006", "connection", f"1 of 2 addresses is dead: {ORIGIN6} refuses connections", "partial-outage",
            hint="open port 443 for IPv6 too, or take the AAAA record away"),
        bad(of, "EV008", "certificate-trust", "Traefik answers with its default certificate", "traefik-default-cert",
            hint="ACME has not issued yet: `edgegen explain https://www.commenthouse.com` says why"),
        *unseen(of, "the certificate is not this host's", "EV003", "EV009", "EV013"),
    ]  # fmt: skip
    return of, seen, found


def nowhere():
    """A name that the DNS does not know."""
    of = endpoint("blog.commenthouse.com", "web", 19, kind=Kind.REDIRECT, goal=Goal("https://www.commenthouse.com"))
    found = [
        bad(of, "EV001", "dns-resolution", "blog.commenthouse.com does not exist (NXDOMAIN)", "dns-nxdomain",
            hint="`edgegen dns sync` makes the record"),
        *unseen(of, "the name has no address", "EV002", "EV003", "EV006", "EV007", "EV008", "EV009", "EV013", "EV014"),
    ]  # fmt: skip
    return of, Observation(of, names(), seconds=0.05), found


def untold():
    """The resolver is silent."""
    of = endpoint("git.commenthouse.com", "git", 33)
    found = [
        finding(of, "EV001", "dns-resolution", "192.0.2.53 gave no answer within 3 s", Outcome.UNKNOWN, Severity.HIGH,
                verdict="dns-timeout", hint="try another resolver: --resolver 9.9.9.9"),
        *unseen(of, "the name was not resolved", "EV002", "EV003", "EV006"),
    ]  # fmt: skip
    return of, Observation(of, seconds=10.0), found


def remarked():
    """Good, and soon to be renewed."""
    of = endpoint("mirror.commenthouse.com", "cache", 27, kind=Kind.REGISTRY)
    own = certificate("mirror.commenthouse.com", "cache.commenthouse.com", begun=70, left=20, number=3)
    seen = Observation(of, names(ORIGIN, cname=("edge.commenthouse.com",)), (address(ORIGIN, own, 401),), seconds=0.31)
    found = [
        *passed(of, "EV003"),
        bad(of, "EV003", "certificate-expiry", "20 of 90 days left: it should have been renewed", "cert-expiring",
            Severity.LOW, "look at Traefik's log: it renews at a third of the life"),
        bad(of, "EV015", "hsts", "max-age is 3600; a browser forgets it within the hour", "hsts-short", Severity.INFO),
    ]  # fmt: skip
    return of, seen, found


def stranger():
    """Names and words of others that want to do harm or don't fit."""
    of = endpoint(
        "a-very-long-name-that-somebody-thought-well-of." * 3 + "example.org", "<script>alert(1)</script>", 40
    )
    own = certificate("\u202egro.elpmaxe", "*." + "x" * 63 + ".example.org", begun=400, left=-3, issuer="<b>Evil</b>",
                      number=9)  # fmt: skip
    seen = Observation(of, names("198.51.100.7"), (address("198.51.100.7", own, verified=False, verify_code=10,
                       verify_message="certificate has expired"),), seconds=1.0)  # fmt: skip
    found = [
        bad(of, "EV003", "certificate-expiry", "expired 3 days ago \x1b]0;owned\x07 & <img src=x onerror=alert(1)>",
            "cert-expired", hint="]]> --> {{ 7*7 }} %0A::error::"),
        *unseen(of, "the certificate has expired", "EV013"),
    ]  # fmt: skip
    return of, seen, found


def story(**more) -> Report:
    """A run of everything at once."""
    return report_of(
        healthy("status.commenthouse.com", "status", 22, 4), half_dead(), open_registry(), remarked(), nowhere(),
        untold(), healthy("pg.commenthouse.com", "pg", 36, 5, kind=Kind.TLS, port=5432), stranger(), **more,
    )  # fmt: skip


def calm(count: int = 3) -> Report:
    """All is well."""
    return report_of(*(healthy(f"h{number}.example.com", f"s{number}", 3 + number, number) for number in range(count)))

"""What the cases of the table are made of: right edges with one thing wrong, and worse."""

from __future__ import annotations

import email.utils
import gzip
import time
from collections.abc import Callable, Mapping
from functools import cache

from tests.fakes import tls_scripts as scripts
from tests.fakes.real_registry import real_registry as registry_process
from tests.fakes.tls_scripts import Answer, Handler, Request, ok, redirect, to_https
from tests.fakes.tls_servers import Site
from tests.verify.matrix.ground import ZONE, Place

Serve = Callable[[Place], object]


def certificate(*names: str, by: str = "middle", **options: object) -> Serve:
    """A right edge with another certificate. `*names`: below the zone."""

    def serve(place: Place) -> object:
        full = [f"{name}.{ZONE}" for name in names]
        return place.edge(certificate=place.issue(*full, by=getattr(place.shop, by), **options))

    return serve


def https(handler: Handler) -> Serve:
    """A right edge whose service answers so."""
    return lambda place: place.edge(handler)


def web(handler: Handler) -> Serve:
    """A right edge with another web port."""
    return lambda place: place.edge(web=handler)


def location(template: str, status: int = 301) -> Serve:
    """The web port redirects to `{host}`, `{port}`, `{target}` (path and query)."""

    def serve(place: Place) -> object:
        def handle(request: Request) -> Answer:
            port = place.ground.secure
            return redirect(template.format(host=request.host, port=port, target=request.target), status)

        return place.edge(web=handle)

    return serve


def tls(**options: str) -> Serve:
    """A right edge with other protocols or suites."""
    key = options.pop("key", "ec")
    return lambda place: place.edge(certificate=place.issue(key=key), **options)


def tcp(script: scripts.Script) -> Serve:
    """Something else on the TLS port."""
    return lambda place: place.ground.servers.tcp(script, address=place.bare(), port=place.ground.secure)


def hsts(value: str) -> Handler:
    return lambda _: Answer().header("Strict-Transport-Security", value)


def slow_clock(seconds: float, **options: object) -> Serve:
    """The server's clock is off by so much, on both ports."""

    def serve(place: Place) -> object:
        right = to_https(place.ground.secure)
        return place.edge(dated(ok, seconds), place.issue(**options), web=dated(right, seconds))

    return serve


def dated(handler: Handler, seconds: float) -> Handler:
    def handle(request: Request) -> Answer:
        answer = handler(request)
        assert isinstance(answer, Answer)
        return answer.header("Date", email.utils.formatdate(time.time() + seconds, usegmt=True))

    return handle


def with_hsts(answer: Answer) -> Handler:
    return lambda _: answer.header("Strict-Transport-Security", "max-age=63072000")


def status(code: int) -> Handler:
    return with_hsts(Answer(code, body=b"oops"))


def registry(handler: Handler, **more: object) -> Serve:
    return lambda place: place.registry(handler, **more)


TRAEFIK_404 = scripts.traefik_404.header("X-Content-Type-Options", "nosniff")
"""As 3.7.15 answers where no router matches."""


@cache
def bomb() -> bytes:
    """200 MB that are 900 kB on the wire."""
    body = gzip.compress(bytes(200_000_000), 1)
    return b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body) + body


def hops(count: int) -> Handler:
    """So many redirects one after the other."""

    def handle(request: Request) -> Answer:
        number = int(request.query.removeprefix("n=") or "0") if request.query.startswith("n=") else 0
        return with_hsts(redirect(f"/?n={number + 1}", 302))(request) if number < count else ok(request)

    return handle


def calls_itself_by_its_alias(path: str = "") -> Serve:
    """The spec redirects the alias to the host, and the service redirects `/` of the host to the alias."""

    def serve(place: Place) -> object:
        alias = f"www-{place.host}"
        place.service |= {"aliases": [alias]}

        def handle(request: Request) -> Answer:
            there = f"https://{alias}:{place.ground.secure}{path or request.target}"
            return with_hsts(redirect(there, 301))(request) if request.path == "/" else ok(request)

        return place.edge(handle)

    return serve


def dead(count: int, of_all: int) -> Serve:
    """An edge with so many addresses, of which so many do not answer."""

    def serve(place: Place) -> None:
        own = place.issue()
        for number in range(of_all):
            address = place.new_address()
            if number >= count:
                place.edge(certificate=own, address=address)

    return serve


def two_certificates(by: str = "middle", **other: object) -> Serve:
    """Two addresses, each with its own; the second one's is issued by another authority, or with other options."""

    def serve(place: Place) -> None:
        place.edge(certificate=place.issue())
        place.edge(certificate=place.issue(by=getattr(place.shop, by), **other))

    return serve


def dripping(place: Place) -> None:
    """A right handshake, a byte each 0.3 seconds."""
    servers = place.ground.servers
    servers.dripping_handshake(Site(place.issue()), address=place.bare(), port=place.ground.secure)


def filtered(place: Place) -> None:
    place.ground.servers.full_port(place.bare(), place.ground.secure)


def v6_only(place: Place) -> None:
    place.publishes("::1")
    place.edge(address="::1")


def v6_dead(place: Place) -> None:
    """Its IPv4 is right; nobody listens behind its AAAA, on a port that nobody else has."""
    stranger(place)
    place.publishes("::1")


def chain(*parts: str) -> Serve:
    """A certificate of the second intermediate, with just these authorities' certificates after it."""

    def serve(place: Place) -> object:
        sent = [getattr(place.shop, part).certificate for part in parts]
        return place.edge(certificate=place.issue(by=place.shop.second).with_sent(*sent))

    return serve


def missing_intermediate(place: Place) -> None:
    """Its issuer can be fetched from where its certificate says."""
    body = Answer(200, (("Content-Type", "application/pkix-cert"),), place.shop.quiet.der)
    published = place.ground.servers.http(lambda _: body)
    issued = place.issue(by=place.shop.quiet, aia=f"http://127.0.0.1:{published.port}/r3.cer").alone()
    place.edge(certificate=issued)


def certificate_alone(by: str) -> Serve:
    """Without the certificate of its issuer."""
    return lambda place: place.edge(certificate=place.issue(by=getattr(place.shop, by)).alone())


def root_sent(by: str) -> Serve:
    def serve(place: Place) -> object:
        authority = getattr(place.shop, by)
        issued = place.issue(by=authority)
        return place.edge(certificate=issued.with_sent(*issued.sent, authority.top.certificate))

    return serve


def elsewhere(place: Place) -> None:
    """The DNS leads to another server, which answers for the name as well."""
    place.edge(address=place.new_address(spec=False))
    place.new_address(dns=False)


def nowhere(*lines: str, code: str = "NOERROR") -> Serve:
    """No address."""

    def serve(place: Place) -> None:
        place.new_address(dns=False)
        place.answers(code, *(line.format(host=place.host) for line in lines))

    return serve


def bogus(place: Place) -> None:
    place.edge()
    place.is_bogus()


def one_is_behind(place: Place) -> None:
    """ns2 still answers with the old address."""
    place.edge()
    old = place.new_address(spec=False, dns=False)
    place.ground.stale[place.host] = [f"{place.host}. 300 IN A {old}"]


def both_agree(place: Place) -> None:
    place.edge()
    place.ground.stale[place.host] = place.ground.records[place.host]


def through_cloudflare(*, wanted: bool) -> Serve:
    def serve(place: Place) -> None:
        place.edge(address=place.new_address(spec=False, network="127.30"))
        place.new_address(dns=False)
        place.proxied = wanted

    return serve


def rebound(address: str) -> Serve:
    """A host of nobody's spec whose name leads into the inside."""

    def serve(place: Place) -> None:
        place.in_spec, place.port = False, place.ground.secure
        place.publishes(address, spec=False)
        if address == "127.0.0.1":
            place.ground.tripwire(address)

    return serve


def stranger(place: Place, **options: object) -> None:
    """A host of nobody's spec, on a port of its own."""
    place.in_spec = False
    place.publishes("127.0.0.1")
    place.port = place.ground.servers.tls(Site(place.issue(**options))).port


def real_registry(users: Mapping[str, str] | None) -> Serve:
    """Debian's docker-registry with its own TLS; no edge is before it, and so no HSTS."""

    def serve(place: Place) -> None:
        place.in_spec, place.path = False, "/v2/"
        place.publishes("127.0.0.1")
        folder = place.ground.folder / place.host
        folder.mkdir()
        running = registry_process(folder, place.issue(), users=users)
        place.port = place.ground.closing.enter_context(running).port

    return serve

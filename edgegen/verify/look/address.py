"""Everything that is looked at on one address of one endpoint, within one total deadline."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from edgegen.certificates import read
from edgegen.certificates.certificate import CertificateSeen
from edgegen.endpoints import Endpoint, Kind
from edgegen.net.answer import Failure, Response
from edgegen.net.conversation import Conversation, origin
from edgegen.net.deadline import Deadline
from edgegen.net.http import HttpConnection
from edgegen.net.request import Stream
from edgegen.net.tcp import dial
from edgegen.net.tls import Line, Refused, shake
from edgegen.verify.detours import target
from edgegen.verify.look.background import Background
from edgegen.verify.look.exposed import on_insecure_port, on_the_host
from edgegen.verify.look.issuer import NO_ISSUER, learn, missing_issuer
from edgegen.verify.look.plain_http import PROBE, WebSeen, get_plain, look_at_web
from edgegen.verify.look.redirects import follow, other_port
from edgegen.verify.look.tls import Opened, look_for_weak, open_tls
from edgegen.verify.look.trust import Trust
from edgegen.verify.observation import AddressSeen, RegistrySeen, TlsSeen
from edgegen.verify.settings import PAGE, Settings


def look_at_address(endpoint: Endpoint, address: str, settings: Settings, trust: Trust, timeout: float) -> AddressSeen:
    """TLS, HTTP, registry, exposed paths and weak TLS of the TLS port, and the web port, within `timeout` seconds.

    Connects to `address` (or where `--connect-to` says) and to nothing else, except for a registry's token server and
    the place where a certificate says that its issuer is published; redirects to other hosts are not followed. The
    caller has made sure that `address` may be connected to. What the network does never raises.
    """
    deadline = Deadline.after(timeout, settings.timeout)
    line = Line(endpoint.host, *target(settings, endpoint.host, endpoint.port, address), deadline)
    look = _Look(endpoint, address, settings, trust, deadline, line)
    with Background(look.plain_ports) as plain, Background(lambda: look_for_weak(look.line, trust)) as weak:
        seen = look.tls_port()
    web, insecure = plain.result()
    seen = replace(seen, plain=web.plain, plain_connect=web.connect, exposed=(*seen.exposed, *insecure))
    if seen.tls is None or seen.tls.failure is not None:
        return seen
    accepted, trouble = weak.result()
    return replace(seen, tls=replace(seen.tls, weak=accepted, weak_trouble=trouble))


PlainSeen = tuple[WebSeen, tuple[Response, ...]]


class _Look(Struct, frozen=True):
    """One endpoint at one address."""

    endpoint: Endpoint
    address: str
    settings: Settings
    trust: Trust
    deadline: Deadline
    line: Line

    def plain_ports(self) -> PlainSeen:
        """The web port, then Traefik's insecure one."""
        web = look_at_web(self.endpoint, self.address, self.settings, self.deadline)
        read.load_library()  # most handshakes are still waiting: it is ready when the chain arrives
        if not self.endpoint.speaks_http:
            return web, ()
        return web, on_insecure_port(self.endpoint, self.address, self.settings, self.trust, self.deadline)

    def tls_port(self) -> AddressSeen:
        """The handshake, everything that is asked over it, what only other handshakes tell, and extras at the end."""
        opened = open_tls(self.line, self.trust, http=self.endpoint.speaks_http)
        if isinstance(opened, Failure):
            return AddressSeen(self.address, connect=opened)
        if opened.stream is None:
            return AddressSeen(self.address, tls=self._finished(opened))
        talk = self._conversation(opened.stream, opened.seen)
        try:
            return self._over_tls(opened, talk)
        finally:
            talk.close()

    def _conversation(self, stream: Stream, seen: TlsSeen) -> Conversation:
        return Conversation(
            origin("https", self.endpoint.host, self.endpoint.port),
            lambda: self._reconnect(seen),
            self.deadline,
            takes_credentials=seen.verified,
            connection=HttpConnection(stream, PAGE),
            limits=PAGE,
        )

    def _over_tls(self, opened: Opened, talk: Conversation) -> AddressSeen:
        seen = AddressSeen(self.address)
        if self.endpoint.speaks_http:
            seen = self._answers(seen, talk)
        else:
            talk.close()
        seen = replace(seen, tls=self._finished(opened))
        worth_it = any(_ended(answer) for answer in seen.answers)
        return replace(seen, exposed=on_the_host(talk.ask, self.deadline)) if worth_it else seen

    def _answers(self, seen: AddressSeen, talk: Conversation) -> AddressSeen:
        first = talk.ask("GET", self._path(), {})
        if first.failure is not None and not first.status:
            return replace(seen, answers=(first,))
        answers, loop = follow(first, self.endpoint, lambda *step: self._hop(talk, *step))
        registry = self._registry(talk) if self.endpoint.kind is Kind.REGISTRY else None
        return replace(seen, answers=answers, loop=loop, registry=registry, beyond=self._beyond(answers[-1]))

    def _beyond(self, last: Response) -> Failure | None:
        """Services that don't know that they are behind a proxy send people to their own port."""
        host, port = self.endpoint.host, other_port(last, self.endpoint)
        if port is None or (self.settings.detour(host, self.endpoint.port) and not self.settings.detour(host, port)):
            return None  # a detour leads elsewhere, and says nothing about that port
        got = dial(*target(self.settings, host, port, self.address), self.deadline)
        if isinstance(got, Failure):
            return got
        got.close()
        return None

    def _path(self) -> str:
        """A redirect is asked below its path, so that what it does with a path and a query is seen."""
        path = self.endpoint.path
        return f"{path.rstrip('/')}/{PROBE}" if self.endpoint.kind is Kind.REDIRECT else path

    def _hop(self, talk: Conversation, scheme: str, path: str, headers: Mapping[str, str]) -> Response | None:
        if scheme == "https":
            return talk.ask("GET", path, headers)
        if self.endpoint.web_port is None:
            return None
        got = get_plain(self.endpoint, path, self.address, self.settings, self.deadline)
        return replace(got, failure=self.deadline.judged(got.failure)) if got.failure else got

    def _registry(self, talk: Conversation) -> RegistrySeen:
        from edgegen.verify.look.registry import probe_registry

        return probe_registry(
            talk.ask,
            self.endpoint,
            self.settings.credentials.get(self.endpoint.authority),
            trusted=talk.takes_credentials,
            address=self.address,
            settings=self.settings,
            deadline=self.deadline,
        )

    def _reconnect(self, seen: TlsSeen) -> Stream | Failure:
        """As the first connection was: trusted or not, with ALPN or not."""
        trusted = self.trust.verified if seen.alpn else self.trust.verified_bare
        untrusted = self.trust.unverified if seen.alpn else self.trust.unverified_bare
        got = shake(trusted if seen.verified else untrusted, self.line)
        return got.failure if isinstance(got, Refused) else got

    def _finished(self, opened: Opened) -> TlsSeen:
        """With the issuer that is missing."""
        seen = opened.seen
        if seen.failure is not None:
            return seen
        if seen.verified:
            learn(opened.chain, self.trust)
        elif seen.verify_code in NO_ISSUER:
            return replace(seen, missing_issuer=self._missing_issuer(opened))
        return seen

    def _missing_issuer(self, opened: Opened) -> CertificateSeen | None:
        from edgegen.verify.look.route import route

        lead = route(self.endpoint, self.address, self.settings, self.deadline)
        return missing_issuer(opened.chain, self.line, self.trust, lead)


def _ended(answer: Response) -> bool:
    """A whole answer, or one with a known length: a server that streams endlessly will do it again."""
    return bool(answer.status) and (answer.failure is None or bool(answer.header("content-length")))

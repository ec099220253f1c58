"""The table: every row of faults for `verify`, the servers that show it, and what must be said of each.

A case's `words` are all verdicts that are not good, in the order of the checks, but those of EV021: it explains the
others, and has tests of its own. `code` is the exit code of a run over that host alone (1: something is bad, 4: nothing
is bad, but something could not be checked).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from tests.fakes import tls_scripts as scripts
from tests.fakes.authority_of_tests import self_signed, traefik_default
from tests.fakes.tls_scripts import Answer, ok, redirect
from tests.ipv6 import has_ipv6
from tests.verify.matrix.ground import STALE, ZONE, Ground
from tests.verify.matrix.registries import (
    PASSWORD,
    USER,
    asks_nobody,
    bad_challenge,
    behind_basic_auth,
    believes_everybody,
    gives_to_everybody,
    login_page,
    names_a_token_server,
    other_password,
    right_registry,
    slash_is_missing,
)
from tests.verify.matrix.servers import (
    TRAEFIK_404,
    Serve,
    bogus,
    bomb,
    both_agree,
    calls_itself_by_its_alias,
    certificate,
    certificate_alone,
    chain,
    dead,
    dripping,
    elsewhere,
    filtered,
    hops,
    hsts,
    https,
    location,
    missing_intermediate,
    nowhere,
    one_is_behind,
    real_registry,
    rebound,
    registry,
    root_sent,
    slow_clock,
    status,
    stranger,
    tcp,
    through_cloudflare,
    tls,
    two_certificates,
    v6_dead,
    v6_only,
    web,
    with_hsts,
)


class Run(StrEnum):
    """With which options a case is looked at."""

    PLAIN = "plain"
    TARPIT = "tarpit"
    """With a deadline of 2 seconds."""
    PRIVATE = "private"
    """Addresses of the inside may be connected to, named by the spec or not."""
    STRICT = "strict"
    DEAD = "dead"
    SLOW = "slow"
    TRUNCATED = "truncated"

    def options(self, ground: Ground) -> tuple[str, ...]:
        return (*ground.options(self if self in ground.resolvers else ""), *OPTIONS.get(self, ()))


TARPIT, PRIVATE, STRICT = Run.TARPIT, Run.PRIVATE, Run.STRICT
TARPIT_SECONDS = 5
OPTIONS: dict[Run, tuple[str, ...]] = {
    Run.PLAIN: ("--timeout", "30"),  # an answer without end is read up to its limit, also on a busy machine
    Run.TARPIT: ("--timeout", str(TARPIT_SECONDS)),
    Run.PRIVATE: ("--timeout", "30", "--allow-private"),
    Run.STRICT: ("--timeout", "30", "--profile", "intermediate"),
    Run.DEAD: ("--timeout", str(TARPIT_SECONDS)),
    Run.SLOW: ("--timeout", str(TARPIT_SECONDS)),
}


@dataclass(frozen=True)
class Case:
    """One host: what serves it, and what must be said. `run`: with which options it is looked at."""

    label: str
    serve: Serve
    words: tuple[str, ...] = ()
    code: int = 0
    run: Run = Run.PLAIN
    zone: str = ZONE
    alone: tuple[str, ...] = ()
    """What is said where no other host is looked at in the same run; (): the same."""


@dataclass(frozen=True)
class Row:
    """One row of the table of faults, by its words there. `tests`: functions that show what a case can't."""

    fault: str
    cases: tuple[Case, ...] = ()
    tests: tuple[str, ...] = ()


def bad(label: str, serve: Serve, *words: str, run: Run = Run.PLAIN, zone: str = ZONE) -> Case:
    return Case(label, serve, words, 1, run, zone)


def remark(label: str, serve: Serve, *words: str, run: Run = Run.PLAIN) -> Case:
    return Case(label, serve, words, 0, run)


def good(label: str, serve: Serve, run: Run = Run.PLAIN) -> Case:
    return Case(label, serve, (), 0, run)


def unknown(label: str, serve: Serve, *words: str, run: Run = Run.PLAIN) -> Case:
    return Case(label, serve, words, 4, run)


WITH_IPV6 = (good("v6-only", v6_only), bad("v6-dead", v6_dead, "dead-address", run=PRIVATE))
"""Both need a loopback of that family."""
ROWS = (
    Row("Expired", (
        bad("expired", certificate(days=(-90, -1)), "cert-expired"),
        bad("expired-authority", certificate(by="old"), "cert-expired"),
    )),
    Row("Not yet valid / local clock wrong", (
        bad("future", certificate(days=(1, 90)), "cert-not-yet-valid"),
        bad("skew", slow_clock(-3600), "clock-skew"),
        bad("future-skew", slow_clock(86400, days=(0.9, 90)), "cert-not-yet-valid", "clock-skew"),
        good("small-skew", slow_clock(-120)),
    )),
    Row("Expires in < 14 d; > 398 d life", (
        bad("six-days", certificate(days=(-84, 6)), "cert-expiring"),
        remark("twelve-days", certificate(days=(-78, 12)), "cert-expiring"),
        remark("a-third", certificate(days=(-61, 29)), "cert-expiring"),
        good("enough", certificate(days=(-59, 31))),
        remark("long", lambda p: stranger(p, days=(-1, 400)), "cert-long-lived", run=PRIVATE),
        good("long-private", certificate(days=(-1, 400))),
    )),
    Row("Self-signed", (
        bad("self", lambda p: p.edge(certificate=self_signed(p.host)), "self-signed"),
    )),
    Row("Traefik default cert", (
        bad("default", lambda p: p.edge(certificate=traefik_default()), "traefik-default-cert"),
    )),
    Row("Wrong SAN; `*.example` for a.b.example", (
        bad("wrong-name", certificate("another"), "name-mismatch"),
        bad("deep", certificate("*.other", "*"), "name-mismatch", zone=f"a.{ZONE}"),
        good("wild", certificate("*")),
    )),
    Row("CN only, no SAN", (
        bad("bare", lambda p: p.edge(certificate=p.shop.middle.issue(common_name=p.host)), "name-mismatch"),
    )),
    Row("Staging issuer", (
        bad("staging", certificate(by="staging"), "staging-issuer"),
        bad("staging-root", root_sent("staging"), "staging-issuer"),
    )),
    Row("Missing intermediate", (
        bad("fetched", missing_intermediate, "incomplete-chain", run=PRIVATE),
        # Other hosts of the run send its issuer.
        replace(bad("known", certificate_alone("middle"), "incomplete-chain"), alone=("untrusted-ca",)),
        bad("nobody-knows", certificate_alone("quiet"), "untrusted-ca"),
        good("wrong-order", chain("middle", "second")),
    )),
    Row("Unknown/private CA", (
        bad("private-ca", certificate(by="stranger"), "untrusted-ca"),
        bad("private-ca-root", root_sent("stranger"), "untrusted-ca"),
    )),
    Row("TLS 1.0/1.1 only", (
        bad("tls-10", tls(minimum="TLSv1", maximum="TLSv1"), "tls-too-old"),
        bad("tls-11", tls(minimum="TLSv1.1", maximum="TLSv1.1"), "tls-too-old"),
    )),
    Row("TLS 1.0 offered *besides* 1.2/1.3; CBC/RC4/EXPORT; RSA 1024", (
        remark("tls-10-too", tls(minimum="TLSv1", maximum="TLSv1.3"), "tls-weak"),
        remark("cbc", tls(key="rsa2048", ciphers="ECDHE-RSA-AES128-GCM-SHA256:AES128-SHA"), "tls-weak"),
        remark("rsa-1024", tls(key="rsa1024"), "tls-weak"),
        bad("tls-10-strict", tls(minimum="TLSv1", maximum="TLSv1.3"), "tls-weak", run=STRICT),
        bad("cbc-strict", tls(key="rsa2048", ciphers="ECDHE-RSA-AES128-GCM-SHA256:AES128-SHA"), "tls-weak", run=STRICT),
        good("good-strict", https(ok), run=STRICT),
    )),
    Row("TLS 1.3 only, ECDSA only", (
        good("tls-13", tls(minimum="TLSv1.3")),
        good("ecdsa", tls(ciphers="ECDHE-ECDSA-AES128-GCM-SHA256")),
    )),
    Row("Plain HTTP on 443", (
        bad("plain", lambda p: p.ground.servers.http(address=p.bare(), port=p.ground.secure),
            "plain-http-on-tls-port"),
    )),
    Row("Accept then silence", (
        bad("silence", tcp(scripts.silence), "timeout-tls", run=TARPIT),
        bad("drip-tls", dripping, "timeout-tls", run=TARPIT),
    )),
    Row("Slow-loris header/body", (
        bad("slow-header", https(lambda _: scripts.slow_header), "timeout-http", run=TARPIT),
        bad("slow-body", https(lambda _: scripts.slow_body), "timeout-http", "hsts-missing", run=TARPIT),
        bad("slow-chunks", https(lambda _: scripts.slow_chunks), "timeout-http", "hsts-missing", run=TARPIT),
        bad("no-answer", https(lambda _: scripts.silence), "timeout-http", run=TARPIT),
    )),
    Row("Endless body / 1 GB header / 10^4 headers / gzip bomb", (
        bad("endless-body", https(lambda _: scripts.endless_body), "response-too-large", "hsts-missing"),
        bad("endless-chunks", https(lambda _: scripts.endless_chunks), "response-too-large", "hsts-missing"),
        remark("long-body", https(lambda _: scripts.long_body), "hsts-missing"),  # a download is no fault
        bad("endless-header", https(lambda _: scripts.endless_header), "response-too-large"),
        bad("endless-headers", https(lambda _: scripts.endless_headers), "response-too-large"),
        bad("many-headers", https(lambda _: scripts.ten_thousand_headers), "response-too-large"),
        bad("bomb", https(lambda _: scripts.raw(bomb())), "response-too-large", "hsts-missing"),
    )),
    Row("RST, FIN, closed port, filtered port", (
        bad("rst", tcp(scripts.reset), "reset"),
        bad("fin", tcp(scripts.hang_up), "reset"),
        bad("closed", lambda p: p.bare(), "refused"),
        bad("filtered", filtered, "timeout-connect", run=TARPIT),
        bad("rst-http", https(lambda _: scripts.reset), "reset"),
        bad("half-answer", https(lambda _: scripts.half_body), "reset", "hsts-missing"),
    )),
    Row("Redirect loop; 11 hops", (
        bad("loop", https(with_hsts(redirect("/", 302))), "redirect-loop"),
        bad("eleven-hops", https(hops(11)), "redirect-loop"),
        good("ten-hops", https(hops(10))),
        bad("alias-loop", calls_itself_by_its_alias(), "redirect-loop"),
        good("alias-once", calls_itself_by_its_alias("/blog")),
        bad("own-port", https(lambda r: with_hsts(redirect(f"https://{r.host}:1/login", 302))(r)), "redirect-nowhere"),
    )),
    Row("HTTP->HTTPS missing; 302 for 301; to other host; to http; lost path/query; to an IP; `//evil`; "
        "`javascript:`; port 8443", (
        bad("no-redirect", web(ok), "redirect-missing"),
        bad("not-found", web(lambda _: TRAEFIK_404), "redirect-missing"),
        good("r308", location("https://{host}:{port}{target}", 308)),
        remark("r302", location("https://{host}:{port}{target}", 302), "redirect-temporary"),
        remark("r307", location("https://{host}:{port}{target}", 307), "redirect-temporary"),
        bad("other-host", location("https://evil.test:{port}{target}"), "redirect-wrong-host"),
        bad("to-http", location("http://{host}{target}"), "redirect-downgrade"),
        bad("no-path", location("https://{host}:{port}/"), "redirect-loses-path"),
        bad("no-query", location("https://{host}:{port}/edgegen-probe"), "redirect-loses-path"),
        bad("to-ip", location("https://192.0.2.7:{port}{target}"), "redirect-wrong-host"),
        bad("evil", location("//evil.test{target}"), "redirect-wrong-host"),
        bad("script", location("javascript:alert(1)"), "redirect-invalid"),
        bad("other-port", location("https://{host}:8443{target}"), "redirect-wrong-port"),
        bad("downgrade", https(lambda r: with_hsts(redirect(f"http://{r.host}/", 302))(r)), "https-downgrade"),
        bad("tls-behind", https(with_hsts(Answer(400, body=b"Client sent an HTTP request to an HTTPS server.\n"))),
            "tls-behind-edge"),
    )),
    Row("HSTS missing / < 63,072,000", (
        remark("no-hsts", https(lambda _: Answer()), "hsts-missing"),
        remark("short-hsts", https(hsts("max-age=3600")), "hsts-short"),
        remark("zero-hsts", https(hsts("max-age=0")), "hsts-missing"),
        good("long-hsts", https(hsts("max-age=63072000; includeSubDomains; preload"))),
    )),
    Row("Registry 401 without `WWW-Authenticate`", (
        bad("bad-challenge", registry(bad_challenge), "registry-bad-challenge"),
        bad("token-server", registry(names_a_token_server), "registry-token-server"),
    )),
    Row("Registry **200 without auth**", (
        bad("open", registry(asks_nobody), "registry-open"),
        bad("open-real", real_registry(None), "hsts-missing", "registry-open", run=PRIVATE),
        bad("any-password", registry(believes_everybody), "registry-accepts-any-password"),
    )),
    Row("Right", (
        good("hub", registry(right_registry)),
        remark("hub-real", real_registry({USER: PASSWORD}), "hsts-missing", run=PRIVATE),
        bad("hub-refuses", registry(other_password), "registry-credentials-refused"),
        good("web", https(ok)),
    )),
    Row("/v2/ behind the proxy's basic auth", (
        bad("proxy-auth", registry(behind_basic_auth), "registry-proxy-auth"),
        good("proxy-auth-wanted", registry(gives_to_everybody, anonymous="pull")),
        bad("pull-refused", registry(behind_basic_auth, anonymous="pull"), "registry-pull-refused"),
    )),
    Row("Login page: 200 text/html on /v2/; 301 `/v2`->`/v2/` (real registry does [M])", (
        bad("login", registry(login_page), "not-a-registry"),
        good("slash", registry(slash_is_missing)),
    )),
    Row("502 / 503 / 504 / 404 \"page not found\" of Traefik (19 bytes)", (
        bad("s502", https(status(502)), "upstream-down"),
        bad("s503", https(status(503)), "upstream-down"),
        bad("s504", https(status(504)), "upstream-down"),
        bad("no-router", https(lambda _: TRAEFIK_404), "no-router"),
    )),
    Row("IPv6 only; IPv4 only; v6 record but dead", (
        good("v4-only", https(ok)),
        *(WITH_IPV6 if has_ipv6() else ()),
    )),
    Row("Half of the A records dead", (
        bad("half", dead(2, 4), "partial-outage"),
        bad("one-of-three", dead(1, 3), "partial-outage"),
        bad("all-dead", dead(2, 2), "refused"),
        remark("renewed", two_certificates(days=(-40, 50)), "cert-differs"),
        bad("differs", two_certificates(by="rsa"), "cert-differs"),
    )),
    Row("NXDOMAIN / NODATA", (
        bad("nxdomain", nowhere(code="NXDOMAIN"), "dns-nxdomain"),
        bad("nodata", nowhere(), "dns-nodata"),
    )),
    Row("SERVFAIL, REFUSED, CNAME loop, bogus DNSSEC", (
        bad("servfail", nowhere(code="SERVFAIL"), "dns-servfail"),
        unknown("dns-refuses", nowhere(code="REFUSED"), "dns-refused"),
        bad("circle", nowhere("{host}. 60 IN CNAME b.{host}.", "b.{host}. 60 IN CNAME {host}."), "dns-loop"),
        bad("bogus", bogus, "dnssec-bogus"),
    )),
    Row("Resolver dead / slow 9 s", (
        unknown("dead-resolver", https(ok), "dns-timeout", run=Run.DEAD),
        unknown("slow-resolver", https(ok), "dns-timeout", run=Run.SLOW),
        good("long-answer", https(ok), run=Run.TRUNCATED),
    )),
    Row("Wrong A", (
        bad("wrong-a", elsewhere, "dns-wrong-address", run=PRIVATE),
    )),
    Row("Stale at one of the NS / TTL cache", (
        replace(bad("stale", one_is_behind, "dns-inconsistent"), zone=STALE),
        replace(good("agreed", both_agree), zone=STALE),
    )),
    Row("CNAME to Cloudflare / proxied", (
        good("proxied", through_cloudflare(wanted=True), run=PRIVATE),
        bad("unexpected", through_cloudflare(wanted=False), "unexpected-proxy", run=PRIVATE),
    )),
    Row("DNS rebinding to 169.254/127/10", (
        bad("metadata", rebound("169.254.169.254"), "non-public-address"),
        bad("loopback", rebound("127.0.0.1"), "non-public-address"),
        bad("ten", rebound("10.1.2.3"), "non-public-address"),
        good("allowed", stranger, run=PRIVATE),
    )),
    Row("1,000 targets (10 tarpits, 50 faults)", tests=(
        "matrix/test_limits.py::test_a_thousand_targets",
        "test_many.py::test_the_verdicts_of_many_at_once_are_those_of_one_by_one",
        "test_many.py::test_many_healthy_hosts",
    )),
    Row("SIGINT in the middle", tests=("test_many.py::test_a_signal_in_the_middle_gives_what_was_seen",)),
)  # fmt: skip

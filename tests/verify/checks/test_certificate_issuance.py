"""Why there is no certificate: each cause by what is seen, their order, and when the check has nothing to say."""

from __future__ import annotations

from email.utils import format_datetime
from typing import Any

import pytest
from msgspec.structs import replace

from edgegen.core.finding import Outcome, Severity
from edgegen.core.location import Location
from edgegen.endpoints import Endpoint, Kind
from edgegen.lookup import Status
from edgegen.verify.checks.certificate_issuance import CHECK
from edgegen.verify.observation import CaaSeen, Observation, Phase, TlsSeen, Trouble
from tests.verify.checks.making import (
    ADDRESS,
    HOST,
    NOW,
    address_seen,
    certificate,
    days,
    endpoint,
    failure,
    judged,
    names,
    observation,
    plain,
    reply,
    response,
    stranger,
    tls,
    traefik_404,
    untrusted,
    words,
)

V6 = "2001:db8::10"
ELSEWHERE = "198.51.100.7"
CLOUDFLARE = "104.16.0.1"
DEFAULT = certificate("x.traefik.default", common_name="TRAEFIK DEFAULT CERT", self_signed=True,
                      issuer="CN=TRAEFIK DEFAULT CERT")  # fmt: skip
NO_CERTIFICATE = untrusted(18, "self-signed certificate", leaf=DEFAULT)
REFUSED = failure(Trouble.REFUSED)
CLOSED_80 = {"plain": (), "plain_connect": REFUSED}


def default(*addresses: Any, **changes: Any) -> Observation:
    """Traefik shows its default certificate; words change what else is seen."""
    wanted: Endpoint = changes.pop("endpoint", None) or endpoint()
    own = {} if addresses else {"tls": NO_CERTIFICATE}
    return observation(*addresses, **{"endpoint": wanted, **own, **changes})


def live(address: str = ADDRESS, **changes: Any) -> Any:
    return address_seen(address, **{"tls": NO_CERTIFICATE, **changes})


BAD_CERTIFICATES = {
    "default": NO_CERTIFICATE,
    "self-signed": untrusted(18, leaf=certificate(self_signed=True)),
    "expired": untrusted(10, leaf=certificate(not_after=NOW - days(1))),
    "staging": untrusted(20, leaf=certificate(issuer="CN=(STAGING) Yearning Yucca,O=(STAGING) Let's Encrypt,C=US")),
    "other names": untrusted(62, leaf=certificate("else.example.net", self_signed=True)),
    "no name": TlsSeen(failure=failure(Trouble.ALERT, Phase.TLS, "TLSV1_UNRECOGNIZED_NAME")),
    "strict SNI of Go": TlsSeen(failure=failure(Trouble.ALERT, Phase.TLS, "TLSV1_ALERT_INTERNAL_ERROR")),
}


@pytest.mark.parametrize(
    "alert",
    [
        "SSLV3_ALERT_HANDSHAKE_FAILURE",
        "[SSL] tlsv1 alert no application protocol",
        "it asks its clients for a certificate",
    ],
)
def test_alerts_that_have_nothing_to_do_with_certificates(alert: str) -> None:
    """EV007 reports them, and a new certificate would change nothing."""
    shown = TlsSeen(failure=failure(Trouble.ALERT, Phase.TLS, alert))
    assert words(CHECK, observation(tls=shown)) == ["not-seen"]


@pytest.mark.parametrize("shown", BAD_CERTIFICATES.values(), ids=BAD_CERTIFICATES)
def test_where_all_is_right_the_log_has_the_reason(shown: TlsSeen) -> None:
    (found,) = judged(CHECK, observation(tls=shown))
    assert (found.verdict, found.outcome, found.severity) == ("acme-not-retried", Outcome.FAIL, Severity.MEDIUM)
    assert "edgegen logs traefik" in found.hint
    assert "give acme.json mode 600" in found.hint


def test_on_a_swarm_traefik_is_restarted_in_another_way() -> None:
    wanted = endpoint(restart="docker service update --force web_traefik")
    (found,) = judged(CHECK, observation(endpoint=wanted, tls=NO_CERTIFICATE))
    assert "run, once, `docker service update --force web_traefik`" in found.hint
    assert "docker compose" not in found.hint


def test_certificates_of_staging_outlive_the_switch() -> None:
    (found,) = judged(CHECK, observation(tls=BAD_CERTIFICATES["staging"]))
    assert "acme.json" in found.message
    assert words(CHECK, observation(endpoint=endpoint(ca="letsencrypt-staging"), tls=BAD_CERTIFICATES["staging"])) == [
        "ok"
    ]


@pytest.mark.parametrize(
    "seen",
    [
        observation(),
        observation(endpoint=endpoint(kind=Kind.TLS, port=5432, web_port=None)),
        observation(tls=untrusted(20, leaf=certificate(issuer="CN=Private,O=Company"))),  # trust is another matter
        observation(tls=untrusted(20, chain=(certificate(),))),  # so is a chain without its intermediate
        observation(endpoint=endpoint("probe.example.com", subject="*.example.com"),
                    tls=untrusted(20, leaf=certificate("*.example.com"))),
        observation(**CLOSED_80),  # a good certificate needs no explanation
    ],
)  # fmt: skip
def test_what_is_no_matter_of_issuance(seen: Observation) -> None:
    (found,) = judged(CHECK, seen)
    assert (found.verdict, found.outcome) == ("ok", Outcome.PASS)


@pytest.mark.parametrize(
    "seen",
    [
        observation(connect=REFUSED),
        observation(not_public=True),
        observation(tls=TlsSeen(failure=failure(Trouble.NOT_TLS, Phase.TLS))),
        Observation(endpoint(), names=names()),
    ],
)
def test_without_a_certificate_nothing_is_told(seen: Observation) -> None:
    assert words(CHECK, seen) == ["not-seen"]


OF_A_COMPANY = certificate(issuer="CN=CA 1,O=Company")


@pytest.mark.parametrize(
    "seen",
    [
        observation(endpoint=stranger(), tls=tls(leaf=OF_A_COMPANY)),
        observation(endpoint=stranger(), tls=untrusted(18, leaf=replace(OF_A_COMPANY, self_signed=True))),
        observation(endpoint=endpoint(ca="", challenge="", kind=Kind.TCP), tls=untrusted(20, leaf=OF_A_COMPANY)),
        observation(endpoint=endpoint(proxied=True, ipv4=None, ipv6=None)),
        observation(address_seen(CLOUDFLARE)),
    ],
)
def test_where_it_does_not_apply(seen: Observation) -> None:
    assert judged(CHECK, seen) == []


def test_a_stranger_that_runs_traefik() -> None:
    assert words(CHECK, default(endpoint=stranger())) == ["acme-not-retried"]
    assert words(CHECK, default(endpoint=stranger(), **CLOSED_80)) == ["challenge-port-80-closed"]
    assert words(CHECK, default(endpoint=stranger(), names=names(ELSEWHERE))) == ["acme-not-retried"]


@pytest.mark.parametrize("wanted", [endpoint(), stranger()], ids=["spec", "stranger"])
def test_what_no_router_knows_was_never_asked_for(wanted: Endpoint) -> None:
    (found,) = judged(CHECK, default(endpoint=wanted, answers=(traefik_404(),)))
    assert (found.verdict, found.outcome) == ("not-seen", Outcome.UNKNOWN)
    assert "http-answer" in found.message
    other = live("192.0.2.11")  # there it is known: that one is for ACME
    both = default(live(answers=(traefik_404(),)), other, endpoint=endpoint(ipv4=(ADDRESS, "192.0.2.11")))
    assert words(CHECK, both) == ["acme-not-retried"]


@pytest.mark.parametrize(
    ("by_theirs", "word"), [(-2, "not-seen"), (-0.9, "acme-not-retried"), (0, "acme-not-retried"), (9, "ok")]
)
def test_what_has_expired_by_one_clock_alone_is_a_matter_of_clocks(by_theirs: float, word: str) -> None:
    """Two clocks and a certificate that has run out a day ago by this machine's; the last one is still good by it."""
    left = 1 if word == "ok" else -1
    date = format_datetime(NOW + days(by_theirs), usegmt=True)
    shown = untrusted(10, leaf=certificate(not_after=NOW + days(left)))
    seen = observation(tls=shown, answers=(response(headers={"date": date}),), plain=())
    (found,) = judged(CHECK, seen)
    assert found.verdict == word
    assert ("clock" in found.message) == (word == "not-seen")


def test_a_stranger_that_runs_something_else() -> None:
    """Its certificate is of Let's Encrypt, and has expired; who renews it is not known."""
    old = {"endpoint": stranger(), "tls": BAD_CERTIFICATES["expired"]}
    for changes, word in (
        ({}, "acme-not-retried"),
        ({"plain": (plain(headers={"server": "nginx"}),)}, "acme-not-retried"),
        (CLOSED_80, "challenge-port-80-closed"),
    ):
        (found,) = judged(CHECK, observation(**old, **changes))
        assert found.verdict == word
        assert "Traefik is" not in found.message
        assert "edgegen" not in found.hint
        assert "docker compose" not in found.hint
    (found,) = judged(CHECK, default(endpoint=stranger()))
    assert "docker compose restart traefik" in found.hint
    assert "edgegen" not in found.hint


DNS = {
    "another address": names(ELSEWHERE),
    "one of two is another": names(ADDRESS, ELSEWHERE),
    "at an authority": replace(names(), authorities=((4, reply(ELSEWHERE)),)),
    "nxdomain": names(resolved={family: reply(status=Status.NXDOMAIN) for family in (4, 6)}, authorities=()),
    "servfail": names(resolved={family: reply(status=Status.SERVFAIL) for family in (4, 6)}, authorities=()),
}


@pytest.mark.parametrize("seen", DNS.values(), ids=DNS)
def test_dns_leads_elsewhere(seen: Any) -> None:
    (found,) = judged(CHECK, default(names=seen))
    assert found.verdict == "challenge-dns-elsewhere"
    assert "edgegen dns sync" in found.hint
    assert "docker compose restart traefik" in found.hint


def test_the_line_of_the_addresses_owns_it() -> None:
    place = Location("edge.yaml", 5, 3)
    wanted = endpoint(places={"host": Location("edge.yaml", 14, 7), "dns": place})
    (found,) = judged(CHECK, default(endpoint=wanted, names=names(ELSEWHERE)))
    assert found.where == place


@pytest.mark.parametrize(
    ("wanted", "seen"),
    [
        (endpoint(ipv6=(V6,)), names(ADDRESS, "2001:0db8:0::10")),
        (endpoint(ipv4=None, ipv6=None), names(ELSEWHERE)),
        (endpoint(challenge="dns"), names(ELSEWHERE)),
        (endpoint(), names(resolved={4: reply(status=Status.TIMEOUT)}, authorities=())),
    ],
)
def test_dns_that_is_right_or_does_not_matter(wanted: Endpoint, seen: Any) -> None:
    assert words(CHECK, default(endpoint=wanted, names=seen)) == ["acme-not-retried"]


@pytest.mark.parametrize("trouble", [Trouble.REFUSED, Trouble.TIMEOUT, Trouble.UNREACHABLE])
def test_port_80_closed(trouble: Trouble) -> None:
    closed = {"plain": (), "plain_connect": failure(trouble, seconds=9.0)}
    (found,) = judged(CHECK, default(**closed))
    assert found.verdict == "challenge-port-80-closed"
    assert ADDRESS in found.message
    other = live("192.0.2.11", **closed)
    assert words(CHECK, default(live(), other, endpoint=endpoint(ipv4=(ADDRESS, "192.0.2.11")))) == [
        "challenge-port-80-closed"
    ]


@pytest.mark.parametrize(
    "wanted", [endpoint(challenge="tls"), endpoint(challenge="dns"), endpoint(web_port=8080), endpoint(web_port=None)]
)
def test_port_80_does_not_always_matter(wanted: Endpoint) -> None:
    assert words(CHECK, default(endpoint=wanted, **CLOSED_80)) == ["acme-not-retried"]


def test_what_this_machine_could_not_look_at() -> None:
    unseen = {"plain": (), "plain_connect": failure(Trouble.LOCAL)}
    assert words(CHECK, default(**unseen)) == ["acme-not-retried"]
    no_v6 = live(V6, plain=(), plain_connect=failure(Trouble.NO_FAMILY), tls=None)
    assert words(CHECK, default(live(), no_v6, endpoint=endpoint(ipv6=(V6,)))) == ["acme-not-retried"]


def test_a_wrong_aaaa() -> None:
    unwanted = default(live(), live(V6))
    dead = default(live(), live(V6, **CLOSED_80), endpoint=endpoint(ipv6=(V6,)))
    for_tls = default(
        live(), address_seen(V6, connect=REFUSED), endpoint=endpoint(ipv6=(V6,), challenge="tls")
    )  # fmt: skip
    for seen in (unwanted, dead, for_tls):
        (found,) = judged(CHECK, seen)
        assert found.verdict == "challenge-wrong-aaaa"
        assert V6 in found.message


def test_an_edge_with_ipv6_alone_has_a_closed_port() -> None:
    seen = default(live(V6, **CLOSED_80), endpoint=endpoint(ipv4=(), ipv6=(V6,)))
    assert words(CHECK, seen) == ["challenge-port-80-closed"]


WILD = endpoint("edgegen-probe.example.com", subject="*.example.com", challenge="dns")
CAA = [
    (endpoint(), ['0 issue "sectigo.com"'], True),
    (endpoint(), ['0 issue ";"'], True),
    (endpoint(), ['0 issue "letsencrypt.org"'], False),
    (endpoint(), ['0 issue "sectigo.com"', '0 issue "LetsEncrypt.org"'], False),
    (endpoint(), ['0 issuewild "sectigo.com"'], False),
    (endpoint(), ['0 iodef "mailto:a@example.com"'], False),
    (endpoint(), ['128 tbs "unknown"'], True),
    (endpoint(), ['0 tbs "unknown"'], False),
    (endpoint(), ['0 issue "letsencrypt.org; validationmethods=dns-01"'], True),
    (endpoint(), ['0 issue "letsencrypt.org; validationmethods=http-01,dns-01; accounturi=https://x/1"'], False),
    (endpoint(), ["nonsense"], False),
    (endpoint(), [], False),
    (endpoint(ca="letsencrypt-staging"), ['0 issue "letsencrypt.org"'], False),
    (endpoint(ca="zerossl"), ['0 issue "letsencrypt.org"'], True),
    (endpoint(ca="zerossl"), ['0 issue "sectigo.com"'], False),
    (endpoint(ca="zerossl"), ['0 issue "comodoca.com"'], False),
    (endpoint(ca="https://acme.example.net/dir"), ['0 issue "letsencrypt.org"'], False),
    (WILD, ['0 issue "letsencrypt.org"', '0 issuewild ";"'], True),
    (WILD, ['0 issue "sectigo.com"', '0 issuewild "letsencrypt.org"'], False),
    (WILD, ['0 issue "letsencrypt.org"'], False),
    (WILD, ['0 issue "sectigo.com"'], True),
]


@pytest.mark.parametrize(
    ("wanted", "fails"),
    [(endpoint(), True), (stranger(), True), (endpoint(ca="https://acme.example.net/dir"), False)],
)
def test_where_nobody_answers_for_caa(wanted: Endpoint, fails: bool) -> None:
    """Every public authority has to have an answer, even that there is no such record."""
    (finding,) = judged(CHECK, default(endpoint=wanted, caa=CaaSeen(failed_at="example.com")))
    assert finding.verdict == ("challenge-caa-fails" if fails else "acme-not-retried")
    assert ("a question for CAA at example.com fails (SERVFAIL)" in finding.message) is fails


@pytest.mark.parametrize(("wanted", "records", "forbids"), CAA)
def test_caa_beside_a_good_certificate(wanted: Endpoint, records: list[str], forbids: bool) -> None:
    """Everything works until the certificate ends: the one place that knows it before is this."""
    seen = observation(endpoint=wanted, caa=CaaSeen(tuple(records)))
    assert words(CHECK, seen) == ["challenge-caa-forbids" if forbids else "ok"]
    if forbids:
        (finding,) = judged(CHECK, seen)
        assert finding.message.startswith("the certificate can't be renewed: CAA ")
        assert (finding.outcome, finding.severity) == (Outcome.FAIL, Severity.MEDIUM)


def test_caa_of_what_traefik_does_not_renew() -> None:
    nobody = CaaSeen(('0 issue ";"',))
    passed_through = observation(endpoint=endpoint(kind=Kind.TCP, web_port=None), caa=nobody)
    assert words(CHECK, passed_through) == ["ok"]
    assert words(CHECK, observation(endpoint=stranger(), caa=nobody)) == ["ok"]
    behind = observation(endpoint=endpoint(proxied=True), caa=nobody)
    assert words(CHECK, behind) == ["challenge-caa-forbids"]  # the origin's own certificate ends as well
    unasked = observation(endpoint=endpoint(), caa=CaaSeen(failed_at="example.com"))
    assert words(CHECK, unasked) == ["ok"]  # one failed question is no proof


@pytest.mark.parametrize(("wanted", "records", "forbids"), CAA)
def test_caa(wanted: Endpoint, records: list[str], forbids: bool) -> None:
    found = words(CHECK, default(endpoint=wanted, caa=CaaSeen(tuple(records))))
    assert found == ["challenge-caa-forbids" if forbids else "acme-not-retried"]


@pytest.mark.parametrize(
    ("challenge", "word"),
    [("tls", "challenge-behind-proxy"), ("http", "challenge-behind-proxy"), ("dns", "acme-not-retried")],
)
@pytest.mark.parametrize("status", [525, 526])
def test_behind_the_proxy(challenge: str, word: str, status: int) -> None:
    wanted = endpoint(proxied=True, ipv4=None, ipv6=None, challenge=challenge)
    answer = response(status=status, headers={"server": "cloudflare", "cf-ray": "1"})
    by_spec = observation(address_seen(CLOUDFLARE, answers=(answer,)), endpoint=wanted)
    by_address = observation(
        address_seen(CLOUDFLARE, answers=(answer,)), endpoint=endpoint(challenge=challenge, ipv4=None, ipv6=None)
    )
    no_certificate = observation(address_seen(CLOUDFLARE, tls=BAD_CERTIFICATES["no name"]), endpoint=wanted)
    for seen in (by_spec, by_address, no_certificate):
        assert words(CHECK, seen) == [word]


STRANGERS = {
    "another program": plain("", 200, headers={"server": "nginx/1.24"}),
    "a parking page": plain("https://parking.example.net/"),
    "silence": replace(plain(), failure=failure(Trouble.TIMEOUT, Phase.HEADER, seconds=10)),
    "no http": replace(plain(), failure=failure(Trouble.MALFORMED, Phase.HEADER)),
}


@pytest.mark.parametrize("answer", STRANGERS.values(), ids=STRANGERS)
def test_port_80_is_somebody_elses(answer: Any) -> None:
    assert words(CHECK, default(plain=(answer,))) == ["challenge-not-answered"]
    assert words(CHECK, default(endpoint=endpoint(challenge="tls"), plain=(answer,))) == ["acme-not-retried"]


@pytest.mark.parametrize("answer", [plain(), plain("", 200), traefik_404(f"http://{HOST}/"), plain(f"https://{HOST}/")])
def test_answers_that_may_be_traefiks(answer: Any) -> None:
    assert words(CHECK, default(plain=(answer,))) == ["acme-not-retried"]


def test_the_certificate_of_another_server() -> None:
    (found,) = judged(CHECK, observation(tls=untrusted(62, leaf=certificate("host.hoster.example"))))
    assert found.verdict == "challenge-not-answered"
    assert "host.hoster.example" in found.message


def test_the_first_cause_is_named_and_the_others_follow() -> None:
    seen = default(live(**CLOSED_80), live(V6), names=names(ELSEWHERE, V6), caa=CaaSeen(('0 issue "sectigo.com"',)))
    (found,) = judged(CHECK, seen)
    assert found.verdict == "challenge-dns-elsewhere"
    order = [found.message.index(word) for word in ("default certificate", ELSEWHERE, "port 80", "AAAA", "CAA")]
    assert order == sorted(order)


def test_words_of_others_are_harmless() -> None:
    seen = default(plain=(plain("", 200, headers={"server": "a\x1b]0;b\x07" * 40}),))
    (found,) = judged(CHECK, seen)
    assert found.message.isprintable()
    assert len(found.message) < 300

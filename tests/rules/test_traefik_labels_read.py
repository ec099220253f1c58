"""Words and values of `traefik_labels`: what drops the container is refused, what is passed over is reported."""

from __future__ import annotations

import pytest

from edgegen.rules import traefik_labels_read
from edgegen.spec.load import load_text
from tests.rules.conftest import Said, said
from tests.rules.traefik_labels import R, router, spec

OWN = router("Host(`own.example.com`)", service="open")
BROKEN = [
    (spec(OWN | {f"{R}.tls.certresolvers": "le"}), "certresolvers` is unknown there. Traefik drops"),
    (spec(OWN | {"traefik.enabled": "true"}), "`enabled` is unknown there. Traefik drops"),
    (spec(OWN | {"traefik.https.routers.own.rule": "x"}), "`https` is unknown there. Traefik drops"),
    (spec(OWN | {f"{R}.priority": "high"}), "`high` is not a whole number. Traefik drops"),
    (spec(OWN | {"traefik.http.middlewares.m.ratelimit.period": "1 minute"}), "is not a duration"),
    (spec(OWN | {f"{R}.tls": "yes"}), "here only `true` is true"),
    (spec(OWN | {"traefik.http.routers.own].rule": "x"}), "doesn't show any container's routes"),
    (spec(OWN | {f"{R}.rule.": "x"}), "a dot too many"),
    (spec(OWN | {"com.example.note": "x"}), "is not a label of Traefik"),
    (spec(OWN | {"traefik.http.services.w.weighted.services[0].name": "a"}), "can only be in a file"),
    (spec(OWN, service="hub").replace("own.rule", "own.rul"), "`rul` is unknown there"),
]
NEAR_MISSES = [
    spec(OWN | {f"{R}.observability.tracing": "f", "traefik.http.middlewares.m.ratelimit.period": "1m"}),
    spec(OWN | {"traefik.http.middlewares.m.headers.customrequestheaders.X-A": "b"}),
    spec({key.upper().replace("TRAEFIK", "traefik"): value for key, value in OWN.items()}),
    spec(),
]


@pytest.mark.parametrize(("text", "words"), BROKEN)
def test_broken(text: str, words: str) -> None:
    found = [item for item in said(traefik_labels_read, text) if item.refused or "file" in words]
    assert any(words in item.message for item in found), found
    assert all(".traefik_labels." in item.path and item.line > 7 for item in found)


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_near_misses(text: str) -> None:
    assert said(traefik_labels_read, text) == list[Said]()


PASSED_OVER = {
    "traefik.enalbe": "`traefik.enable`?", "traefik.htpp.routers.a.rule": "`traefik.http.routers.a.rule`?",
    "traefik.foo.bar": "remove it", "traefik.frontend.rule": "remove it", "traefik.tls.options.a.minversion": "remove",
    f"{R}.middlewares[0]": "remove it",
}  # fmt: skip


@pytest.mark.parametrize("label", PASSED_OVER)
def test_what_is_passed_over_is_reported(label: str) -> None:
    loaded = load_text(f"name: a\n{spec(OWN | {label: 'x'})}".encode())
    (found,) = traefik_labels_read.check(loaded.spec)
    assert (found.refused, PASSED_OVER[label] in found.hint) == (False, True)
    assert "silently ignores it" in found.message


VARIABLES = {
    f"{R}.rule": True, f"{R}.middlewares": True, f"{R}.priority": True, f"{R}.tls.certresolver": True,
    "traefik.http.services.own.loadbalancer.server.port": True, "traefik.http.middlewares.c.chain.middlewares": True,
    f"{R}.observability.tracing": False, "traefik.http.middlewares.m.basicauth.users": False,
    "traefik.http.services.open.loadbalancer.healthcheck.interval": False,
}  # fmt: skip


@pytest.mark.parametrize("label", VARIABLES)
def test_a_variable_says_what_could_not_be_checked(label: str) -> None:
    found = said(traefik_labels_read, spec(OWN | {label: "${X}"}))
    assert [(item.path.endswith(label), item.refused) for item in found] == [(True, VARIABLES[label])]
    assert "could not be checked" in found[0].message


def test_a_variable_hides_no_unknown_word() -> None:
    found = said(traefik_labels_read, spec(OWN | {"traefik.http.middlewares.m.ratelimits.average": "$X"}))
    assert [item.refused for item in found] == [True, False]


def test_a_doubled_dollar_is_one() -> None:
    text = spec(OWN | {"traefik.http.middlewares.m.basicauth.users": "me:$$2y$$05$$abc", f"{R}.tls": "$$x"})
    found = said(traefik_labels_read, text)
    assert "`$x` is not" in found[-1].message

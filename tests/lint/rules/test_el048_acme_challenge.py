"""A resolver that gets no certificate: what is caught, and what is not."""

from __future__ import annotations

import pytest

from edgegen.lint.rules import el048_acme_challenge as rule
from tests.lint.edge_table import Row, differs, edge, said


def mailed(email: str, host: str, *more: str) -> Row:
    """A resolver with a challenge and an address, and a routed service."""
    label = f"traefik.http.routers.web.rule=Host(`{host}`)"
    web = f"  web:\n    image: w:1\n    labels:\n      - traefik.enable=true\n      - {label}\n"
    flags = [f"--certificatesresolvers.le.acme.email={email}", "--certificatesresolvers.le.acme.tlschallenge=true"]
    return edge(*flags, *more) + web, {}


NO_ACCOUNT = "5 high Let's Encrypt opens no account for `{}`: the resolver `le` gets no certificate"
STAGING = "https://acme-staging-v02.api.letsencrypt.org/directory"
CAUGHT: list[tuple[Row, list[str]]] = [
    *(
        (row, [NO_ACCOUNT.format(email)])
        for email, row in (
            ("you@example.com", mailed("you@example.com", "www.commenthouse.com")),
            (
                "a@example.org",
                mailed("a@example.org", "a.b.co.uk", f"--certificatesresolvers.le.acme.caserver={STAGING}"),
            ),
        )
    ),
    (
        (edge("--certificatesresolvers.le.acme.email=a@b.c"), {}),
        ["5 high the resolver `le` has no challenge: it gets no certificate"],
    ),
    (
        (edge("--certificatesresolvers.le.acme.httpchallenge=true"), {}),
        ["5 high the resolver `le` has a `httpchallenge` without `entrypoint`: it gets no certificate"],
    ),
    (
        (edge("--certificatesresolvers.le.acme.dnschallenge=true"), {}),
        ["5 high the resolver `le` has a `dnschallenge` without `provider`: it gets no certificate"],
    ),
    (
        (edge("--certificatesresolvers.le.acme.tlschallenge=false", "--certificatesresolvers.le.acme.email=a@b.c"), {}),
        ["5 high the resolver `le` has no challenge: it gets no certificate"],
    ),
    (
        (edge("--certificatesresolvers.le.acme.httpchallenge.entrypoint=wep", "--entrypoints.web.address=:80"), {}),
        ["5 high there is no entrypoint `wep`, so the resolver `le` gets no certificate"],
    ),
    (
        (
            edge(
                "--certificatesresolvers.le.acme.httpchallenge.entrypoint=web",
                "--certificatesresolvers.le.acme.tlschallenge=true",
                "--entrypoints.web.address=:80",
            ),
            {},
        ),
        ["6 low the resolver `le` has several challenges: httpchallenge and tlschallenge; Traefik takes one of them"],
    ),
    (
        (
            edge(
                "--certificatesresolvers.le.acme.tlschallenge=true",
                "--certificatesresolvers.le.acme.profile=shortlived",
            ),
            {},
        ),
        [
            "6 medium certificates of the profile `shortlived` live 160 hours, and the resolver `le` reckons with 2160: it renews them every day, and soon meets the limit of the authority"
        ],
    ),
    *(
        (
            (edge(f"--certificatesresolvers.le.acme.dnschallenge.provider={name}"), {}),
            [f"5 high no DNS provider is called `{name}`, so the resolver `le` gets no certificate"],
        )
        for name in ("cloudflair", "Cloudflare", "digital-ocean")
    ),
]
PASSED: list[Row] = [
    mailed("ops@commenthouse.com", "www.commenthouse.com"),
    mailed("ops@mail.example.com", "www.commenthouse.com"),
    mailed("${EMAIL}", "www.commenthouse.com"),
    mailed("you@example.com", "whoami.example.com"),
    mailed("you@example.com", "whoami.localhost"),
    mailed("you@example.com", "www.commenthouse.com", "--certificatesresolvers.le.acme.caserver=https://ca.lan/dir"),
    mailed("you@example.com", "www.commenthouse.com", "--certificatesresolvers.le.acme.caserver=${CA}"),
    *(
        (edge(f"--certificatesresolvers.le.acme.dnschallenge.provider={name}"), {})
        for name in ("cloudflare", "acme-dns", "cloudns", "clouddns", "route53", "something-quite-new")
    ),
    (edge("--certificatesresolvers.le.acme.tlschallenge"), {}),
    (edge("--certificatesresolvers.le.acme.httpchallenge.entrypoint=web", "--entrypoints.web.address=:80"), {}),
    (edge("--certificatesresolvers.le.acme.dnschallenge.provider=${PROVIDER}"), {}),
    (
        edge(
            "--certificatesresolvers.le.acme.tlschallenge=true",
            "--certificatesresolvers.le.acme.profile=shortlived",
            "--certificatesresolvers.le.acme.certificatesduration=160",
        ),
        {},
    ),
    (edge("--certificatesresolvers.ts.tailscale=true"), {}),
]


@pytest.mark.parametrize(("row", "messages"), CAUGHT)
def test_it_is_found(row: Row, messages: list[str]) -> None:
    assert said("EL048", row) == messages


@pytest.mark.parametrize("row", PASSED)
def test_it_is_not_found(row: Row) -> None:
    assert said("EL048", row) == []


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "_lacks", lambda *_: "")
    assert differs("EL048", CAUGHT, PASSED)

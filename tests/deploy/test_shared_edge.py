"""Another project's Traefik against what this one asks of it."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from edgegen.deploy.edges import running_edges
from edgegen.deploy.model import Published
from edgegen.deploy.shared_edge import Wish, compared
from tests.deploy.engine_of_others import FLAGS, constraint, container, traefik

WISH = Wish(use="blog", network="common", ranges=("192.0.2.0/24", "198.51.100.0/24"))
ENDLESS = "--entrypoints.websecure.transport.respondingtimeouts.readtimeout=0"
TRUSTED = "--entrypoints.websecure.forwardedheaders.trustedips=203.0.113.1,192.0.2.0/24,198.51.100.0/24"
TLS = "--certificatesresolvers.letsencrypt.acme.tlschallenge=true"
DNS = "--certificatesresolvers.letsencrypt.acme.dnschallenge.provider=cloudflare"


def said(seen: list[Any], ports: tuple[int, ...] = (), **wish: object) -> list[str]:
    held = [replace(item, ports=tuple(Published(port) for port in ports)) for item in seen]
    found = compared(replace(WISH, **wish), "shop", running_edges(held), held)  # type: ignore[arg-type]
    return [problem.message for problem in found]


@pytest.mark.parametrize(
    ("seen", "wish", "words"),
    [
        ([], {}, "no Traefik of project `blog` runs"),
        ([traefik("shop")], {}, "no Traefik of project `blog` runs"),
        ([traefik("blog", state="exited")], {}, "no Traefik of project `blog` runs"),
        ([container("blog", "traefik", image="traefik:v3", args=("traefik",))], {}, "can't be read"),
        ([traefik("blog", constraint("blog"))], {}, "does not serve other projects"),
        ([traefik("blog", networks=["blog_edge"])], {}, "is not on network `common`, but on blog_edge"),
        ([traefik("blog")], {"uploads": True}, "cuts requests after 60s"),
        ([traefik("blog", ENDLESS.replace("=0", "=5m"))], {"uploads": True}, "cuts requests after 5m"),
        ([traefik("blog")], {"resolver": "le"}, "no certificates resolver `le`"),
        ([traefik("blog")], {"entrypoints": ("web", "https")}, "no entrypoint `https`"),
        ([traefik("blog")], {"wildcard": "*.a.test"}, "needs a certificate by the DNS challenge"),
        ([traefik("blog")], {"proxied": "a.test"}, "does not trust that proxy's headers"),
        ([traefik("blog", TRUSTED, TLS)], {"proxied": "a.test"}, "ends TLS before the tls challenge"),
    ],
)
def test_what_differs(seen: list[Any], wish: dict[str, Any], words: str) -> None:
    found = said(seen, **wish)
    assert len(found) == 1, found
    assert words in found[0]


@pytest.mark.parametrize(
    ("flags", "wish"),
    [
        ((), {}),
        ((constraint("shop"),), {}),
        (("--providers.docker.constraints=LabelRegex(`com.docker.compose.project`,`^(blog|shop)$`)",), {}),
        ((ENDLESS,), {"uploads": True}),
        ((ENDLESS.replace("=0", "=0s"),), {"uploads": True}),
        ((TRUSTED,), {"proxied": "a.test"}),
        ((DNS,), {"wildcard": "*.a.test"}),
    ],
)
def test_what_fits(flags: tuple[str, ...], wish: dict[str, Any]) -> None:
    assert said([traefik("blog", *flags)], (80, 443), **wish) == []


def test_other_ports_than_the_hosts_have() -> None:
    assert "publishes 8080, 8443 and not 443" in said([traefik("blog")], (8443, 8080))[0]
    assert said([traefik("blog")], ()) == []  # behind something else, or in the host's own network


def test_a_traefik_with_variables() -> None:
    """As edgegen renders it with an external account: no flag at all."""
    words = [flag.removeprefix("--").partition("=")[0] for flag in (*FLAGS, ENDLESS)]
    names = frozenset("TRAEFIK_" + word.replace(".", "_").upper() for word in words)
    read = {"TRAEFIK_ENTRYPOINTS_WEBSECURE_TRANSPORT_RESPONDINGTIMEOUTS_READTIMEOUT": "0"}
    variables: dict[str, Any] = {"image": "traefik:v3", "args": ("traefik",), "variables": names}
    assert said([container("blog", "traefik", settings=read, **variables)], uploads=True) == []
    hidden = frozenset({*names, "TRAEFIK_PROVIDERS_DOCKER_CONSTRAINTS"})
    found = said([container("blog", "traefik", settings=read, **{**variables, "variables": hidden})], uploads=True)
    assert len(found) == 1
    assert "does not serve other projects" in found[0]

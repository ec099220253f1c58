"""What a spec promises to the outside: names, ports, addresses, redirects, and the line that says each."""

from __future__ import annotations

import pytest

from edgegen.core.location import Location
from edgegen.desired.endpoints import endpoints
from edgegen.endpoints import Aspect, Endpoint, Goal, Kind
from edgegen.spec.load import load_text

SPEC = """\
name: house
acme:
  challenge: dns
  ca: letsencrypt-staging
domains:
  example.com:
    addresses: [192.0.2.1, "2001:db8::1"]
    hosts:
      cdn.example.com: {cname: edge.example.net}
      shop.example.com:
        proxied: true
      own.example.com: {addresses: [auto, "2001:db8::9"]}
      r.example.com:
        addresses: [192.0.2.2]
    records:
      - {type: A, name: by.hand, content: 192.0.2.77}
    ignore: ["*.dyn.example.com"]
  deep.example.com: {addresses: [192.0.2.9]}
  bare.example.com: {}
services:
  web:
    image: w:1
    port: 80
    host: www.example.com
    aliases:
      - example.com
      - blog.example.com
  api: {image: "w:1", port: 80, host: www.example.com, path: /api}
  db: {image: "postgres:16"}
  cdn: {image: "w:1", port: 80, host: cdn.example.com}
  shop: {image: "w:1", port: 80, host: shop.example.com}
  own: {image: "w:1", port: 80, host: own.example.com}
  dyn: {image: "w:1", port: 80, host: a.dyn.example.com}
  deep: {image: "w:1", port: 80, host: "*.deep.example.com"}
  bare: {image: "w:1", port: 80, host: x.bare.example.com}
  hand: {image: "w:1", port: 80, host: by.hand.example.com}
  far: {image: "w:1", port: 80, host: www.far.test}
  hub:
    kind: registry
    host: r.example.com
    users: [ci]
    delete: true
  open: {kind: registry, host: open.example.com, users: [ci], anonymous: pull}
  cache: {kind: registry-cache, host: mirror.example.com, upstream: "https://registry.example.net", users: [ci]}
  old:
    kind: redirect
    host: old.example.com
    aliases: [older.example.com]
    to: https://www.example.com/new
    keep_path: false
    permanent: false
  nas: {kind: external, host: nas.example.com, url: "http://192.0.2.10:5000"}
  pg: {kind: tcp, image: "postgres:16", host: pg.example.com, entrypoint: postgres, listen: 5432, port: 5432}
  mq: {kind: tcp, image: "mq:1", host: mq.example.com, entrypoint: mq, listen: 8883, port: 8883, passthrough: true}
edge:
  dashboard:
    host: traefik.example.com
    users: [admin]
"""
LOADED = load_text(SPEC.encode())
FOUND = endpoints(LOADED.spec, LOADED.locate)


def of(host: str, path: str = "/") -> Endpoint:
    (found,) = [item for item in FOUND if (item.host, item.path) == (host, path)]
    return found


def test_every_public_name_in_the_order_of_the_spec() -> None:
    assert [(item.name, item.shown, item.kind.value) for item in FOUND] == [
        ("web", "www.example.com", "web"),
        ("web", "example.com", "redirect"),
        ("web", "blog.example.com", "redirect"),
        ("api", "www.example.com/api", "web"),
        ("cdn", "cdn.example.com", "web"),
        ("shop", "shop.example.com", "web"),
        ("own", "own.example.com", "web"),
        ("dyn", "a.dyn.example.com", "web"),
        ("deep", "*.deep.example.com", "web"),
        ("bare", "x.bare.example.com", "web"),
        ("hand", "by.hand.example.com", "web"),
        ("far", "www.far.test", "web"),
        ("hub", "r.example.com", "registry"),
        ("open", "open.example.com", "registry"),
        ("cache", "mirror.example.com", "registry"),
        ("old", "old.example.com", "redirect"),
        ("old", "older.example.com", "redirect"),
        ("nas", "nas.example.com", "web"),
        ("pg", "pg.example.com:5432", "tls"),
        ("mq", "mq.example.com:8883", "tcp"),
        ("dashboard", "traefik.example.com", "dashboard"),
    ]


@pytest.mark.parametrize(
    ("host", "zone", "ipv4", "ipv6", "cname", "proxied"),
    [
        ("example.com", "example.com", ("192.0.2.1",), ("2001:db8::1",), None, False),
        ("cdn.example.com", "example.com", None, None, "edge.example.net", False),
        ("shop.example.com", "example.com", None, None, None, True),
        ("own.example.com", "example.com", None, ("2001:db8::9",), None, False),
        ("r.example.com", "example.com", ("192.0.2.2",), (), None, False),
        ("a.dyn.example.com", None, None, None, None, None),
        ("edgegen-probe.deep.example.com", "deep.example.com", ("192.0.2.9",), (), None, False),
        ("x.bare.example.com", "bare.example.com", None, None, None, None),
        ("by.hand.example.com", "example.com", ("192.0.2.1", "192.0.2.77"), ("2001:db8::1",), None, False),
        ("www.far.test", None, None, None, None, None),
        ("traefik.example.com", "example.com", ("192.0.2.1",), ("2001:db8::1",), None, False),
    ],
)
def test_what_the_dns_must_answer(
    host: str,
    zone: str | None,
    ipv4: tuple[str, ...] | None,
    ipv6: tuple[str, ...] | None,
    cname: str | None,
    proxied: bool | None,
) -> None:
    found = of(host)
    assert (found.zone, found.cname, found.proxied) == (zone, cname, proxied)
    assert (found.ipv4 and tuple(sorted(found.ipv4)), found.ipv6) == (ipv4, ipv6)


def test_an_own_address_of_ipv6_is_unknown_from_elsewhere() -> None:
    spec = load_text(SPEC.replace("[auto,", "[192.0.2.5, auto6,").encode()).spec
    (found,) = [item for item in endpoints(spec) if item.host == "own.example.com"]
    assert (found.ipv4, found.ipv6) == (("192.0.2.5",), None)


def test_redirects_lead_where_the_spec_says() -> None:
    assert of("blog.example.com").goal == Goal("https://www.example.com", keep_path=True, permanent=True)
    assert of("old.example.com").goal == Goal("https://www.example.com/new", keep_path=False, permanent=False)
    assert of("older.example.com").goal == of("old.example.com").goal
    assert of("www.example.com").goal is None


def test_everybody_knows_which_names_only_point_elsewhere() -> None:
    """A service that sends its visitors to one of them sends them round and round."""
    goal = Goal("https://www.example.com")
    names = {name: of(name).goal for name in ("old.example.com", "older.example.com")}
    assert of("www.example.com").redirects == {"example.com": goal, "blog.example.com": goal, **names}
    assert of("example.com").redirects == of("r.example.com").redirects == of("www.example.com").redirects


def test_registries() -> None:
    hub, public, cache = of("r.example.com"), of("open.example.com"), of("mirror.example.com")
    assert (hub.path, hub.asks_password, hub.proxy_auth, hub.writable, hub.deletes) == ("/", True, False, True, True)
    assert (public.asks_password, public.proxy_auth, public.writable, public.deletes) == (True, True, True, False)
    assert (cache.asks_password, cache.proxy_auth, cache.writable, cache.deletes) == (True, False, False, False)


def test_tcp_has_its_own_port_and_no_http() -> None:
    ended, passed = of("pg.example.com"), of("mq.example.com")
    assert (ended.kind, ended.port, ended.web_port, ended.speaks_http) == (Kind.TLS, 5432, None, False)
    assert (ended.ca, ended.challenge) == ("letsencrypt-staging", "dns")
    assert (passed.kind, passed.port, passed.ca, passed.challenge) == (Kind.TCP, 8883, "", "")


def test_what_the_edge_says_holds_for_all() -> None:
    assert {(item.ca, item.challenge, item.hsts) for item in FOUND if item.speaks_http} == {
        ("letsencrypt-staging", "dns", True)
    }
    text = SPEC + "  hsts: false\n  ports: {web: 8080, websecure: 8443}\n"
    moved = {item.host: item for item in endpoints(load_text(text.encode()).spec)}
    web, alias, wild = (moved[name] for name in ("www.example.com", "example.com", "edgegen-probe.deep.example.com"))
    assert (web.port, web.web_port, web.hsts) == (8443, 8080, False)
    assert (web.subject, wild.shown) == ("www.example.com:8443/api", "*.deep.example.com:8443")
    assert alias.goal == Goal("https://www.example.com:8443")


@pytest.mark.parametrize(
    ("host", "aspect", "text"),
    [
        ("www.example.com", Aspect.HOST, "host: www.example.com\n"),
        ("blog.example.com", Aspect.HOST, "- blog.example.com"),
        ("older.example.com", Aspect.HOST, "older.example.com"),
        ("www.example.com", Aspect.DNS, 'addresses: [192.0.2.1, "2001:db8::1"]'),
        ("r.example.com", Aspect.DNS, "addresses: [192.0.2.2]"),
        ("cdn.example.com", Aspect.DNS, "cname: edge.example.net"),
        ("shop.example.com", Aspect.DNS, 'addresses: [192.0.2.1, "2001:db8::1"]'),
        ("shop.example.com", Aspect.PROXIED, "proxied: true"),
        ("www.far.test", Aspect.DNS, "www.far.test"),
        ("www.example.com", Aspect.ACME, "challenge: dns"),
        ("r.example.com", Aspect.AUTH, "    users: [ci]"),
        ("www.example.com", Aspect.DASHBOARD, "host: traefik.example.com"),
        ("traefik.example.com", Aspect.AUTH, "users: [admin]"),
        ("www.example.com", Aspect.HSTS, "host: www.example.com\n"),
    ],
)
def test_a_finding_points_to_the_line_that_owns_it(host: str, aspect: Aspect, text: str) -> None:
    place = of(host).place(aspect)
    assert place is not None
    wanted = [number for number, content in enumerate(SPEC.splitlines(keepends=True), 1) if text in content]
    assert place.line in wanted
    assert place.file == "edge.yaml"


def test_a_place_of_an_environment_is_the_overlay() -> None:
    text = SPEC + "environments:\n  dev:\n    domains: {example.com: {addresses: [192.0.2.50]}}\n"
    loaded = load_text(text.encode(), environment="dev")
    found = next(item for item in endpoints(loaded.spec, loaded.locate) if item.host == "www.example.com")
    assert found.ipv4 == ("192.0.2.50",)
    place = found.place(Aspect.DNS)
    assert place is not None
    assert place.line == len(text.splitlines())


def test_without_a_file_there_are_no_places() -> None:
    assert all(item.place() is None for item in endpoints(LOADED.spec))
    assert isinstance(FOUND[0].place(), Location)


@pytest.mark.parametrize(
    ("more", "command"),
    [
        ("", "docker compose restart traefik"),
        ("target: swarm\n", "docker service update --force house_traefik"),
        ("target: swarm\nedge: {use: hub}\n", "docker service update --force hub_traefik"),
    ],
)
def test_how_the_edge_is_restarted(more: str, command: str) -> None:
    text = f'name: house\n{more}services: {{web: {{image: "w:1", port: 80, host: www.example.com}}}}\n'
    (found,) = endpoints(load_text(text.encode()).spec)
    assert found.restart == command


@pytest.mark.parametrize(
    ("uses", "expected"),
    [
        ("[sso]", "gate:9091"),
        ("[both]", "gate:9091"),
        ("[{kind: forward-auth, address: 'https://me:pw@auth.example.com/verify'}]", "auth.example.com"),
        ("[small]", ""),
        ("[]", ""),
    ],
)
def test_who_is_asked_first(uses: str, expected: str) -> None:
    text = f"""\
name: a
middlewares:
  sso: {{kind: forward-auth, address: "http://gate:9091/verify"}}
  small: {{kind: compress}}
  both: {{kind: chain, middlewares: [small, sso]}}
services: {{web: {{image: w, port: 80, host: www.example.test, middlewares: {uses}}}}}
"""
    (found,) = endpoints(load_text(text.encode()).spec)
    assert found.asks_first == expected

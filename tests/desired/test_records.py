"""Which records a spec wants: families, overrides, aliases, declared ones, CAA."""

from __future__ import annotations

from edgegen.desired.records import needs_own_address, records
from edgegen.spec.load import load_text

SPEC = """
name: house
acme: {challenge: dns}
domains:
  example.com:
    addresses: [192.0.2.1, "2001:db8::1"]
    ttl: 300
    caa: true
    hosts:
      cdn.example.com: {cname: edge.example.net}
      shop.example.com: {proxied: true}
      own.example.com: {addresses: [auto, auto6], ttl: 60}
    records:
      - {type: MX, name: "@", content: Mail.example.net., priority: 10}
      - {type: SRV, name: _imaps._tcp, priority: 0, weight: 1, port: 993, content: mail.example.net}
      - {type: TXT, name: _dmarc, content: "v=DMARC1; p=none"}
    ignore: ["*.dyn.example.com"]
  deep.example.com:
    addresses: [192.0.2.9]
services:
  web: {image: "w:1", port: 80, host: www.example.com, aliases: [example.com]}
  cdn: {image: "w:1", port: 80, host: cdn.example.com}
  shop: {image: "w:1", port: 80, host: shop.example.com}
  own: {image: "w:1", port: 80, host: own.example.com}
  dyn: {image: "w:1", port: 80, host: a.dyn.example.com}
  deep: {image: "w:1", port: 80, host: "*.deep.example.com"}
  far: {image: "w:1", port: 80, host: www.far.test}
"""


def wanted() -> set[tuple[str, str, str, int, bool, int | None]]:
    spec = load_text(SPEC.encode()).spec
    found = records(spec, {4: "198.51.100.7", 6: "2001:db8::7"})
    assert len(found) == len({(item.type, item.name, item.content) for item in found})
    return {(str(i.type), i.name, i.content, i.ttl, i.proxied, i.priority) for i in found}


def test_every_record_of_the_spec() -> None:
    assert wanted() == {
        ("A", "www.example.com", "192.0.2.1", 300, False, None),
        ("AAAA", "www.example.com", "2001:db8::1", 300, False, None),
        ("A", "example.com", "192.0.2.1", 300, False, None),
        ("AAAA", "example.com", "2001:db8::1", 300, False, None),
        ("CNAME", "cdn.example.com", "edge.example.net", 300, False, None),
        ("A", "shop.example.com", "192.0.2.1", 1, True, None),
        ("AAAA", "shop.example.com", "2001:db8::1", 1, True, None),
        ("A", "own.example.com", "198.51.100.7", 60, False, None),
        ("AAAA", "own.example.com", "2001:db8::7", 60, False, None),
        ("A", "*.deep.example.com", "192.0.2.9", 1, False, None),
        ("MX", "example.com", "mail.example.net", 300, False, 10),
        ("SRV", "_imaps._tcp.example.com", "1 993 mail.example.net", 300, False, 0),
        ("TXT", "_dmarc.example.com", "v=DMARC1; p=none", 300, False, None),
        ("CAA", "example.com", '0 issue "letsencrypt.org"', 300, False, None),
        ("CAA", "example.com", '0 issuewild ";"', 300, False, None),
    }


def test_the_longest_suffix_is_the_zone() -> None:
    found = records(load_text(SPEC.encode()).spec, {4: "198.51.100.7", 6: "2001:db8::7"})
    assert {item.zone for item in found if item.name.endswith("deep.example.com")} == {"deep.example.com"}


def test_own_addresses_are_asked_for_only_where_the_spec_says_auto() -> None:
    at = ("domains", "example.com", "hosts", "own.example.com", "addresses")
    assert needs_own_address(load_text(SPEC.encode()).spec) == {4: (*at, 0), 6: (*at, 1)}
    assert needs_own_address(load_text(SPEC.replace("[auto, auto6]", "[auto]").encode()).spec) == {4: (*at, 0)}
    assert needs_own_address(load_text(SPEC.replace("[auto, auto6]", "[192.0.2.8]").encode()).spec) == {}


def test_a_host_with_a_cname_asks_for_no_own_address() -> None:
    text = """
name: house
domains: {example.com: {addresses: [auto], hosts: {www.example.com: {cname: web.example.net}}}}
services: {web: {image: "web:1", port: 80, host: www.example.com}}
"""
    assert needs_own_address(load_text(text.encode()).spec) == {}


def test_the_dashboard_has_a_record_too() -> None:
    text = """
name: house
domains: {example.com: {addresses: [192.0.2.1]}}
edge: {dashboard: {host: traefik.example.com, users: [admin]}}
"""
    found = records(load_text(text.encode()).spec, {})
    assert [(str(item.type), item.name, item.content) for item in found] == [("A", "traefik.example.com", "192.0.2.1")]

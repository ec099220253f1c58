"""Records of one spec that can't stand together: each is told with both places, before anything is published."""

from __future__ import annotations

import pytest

from edgegen.core.errors import SpecError
from edgegen.desired.records import records
from edgegen.project.checked import checked, placed, record_violations
from edgegen.spec.load import load_text

HEAD = """\
name: a
acme: {email: a@example.com}
services:
  web: {image: "w:1.0", port: 80, host: www.example.com, aliases: [alias.example.com]}
edge: {dashboard: {host: board.example.com, users: [ops]}}
domains:
  example.com:
"""
CNAME = "a CNAME doesn't allow other records at its name"


def spec(body: str, provider: str = "cloudflare") -> str:
    """A spec whose line 8 names the provider and whose line 9 the addresses; `body` begins at line 10."""
    return f"{HEAD}    provider: {provider}\n    addresses: [192.0.2.1]\n{body}"


def declared(*items: str) -> str:
    return "    records:\n" + "".join(f"      - {{{item}}}\n" for item in items)


PROXIED = "    proxied: true\n"
REFUSED = {
    "a CNAME beside a service's address": (
        declared("type: CNAME, name: www, content: a.example.net"),
        "edge.yaml:11:9 domains.example.com.records[0]: "
        "`www.example.com` has a record of type A next to this CNAME (edge.yaml:4:41)",
    ),
    "a CNAME beside an alias's": (
        declared("type: CNAME, name: alias, content: a.example.net"),
        "edge.yaml:11:9 domains.example.com.records[0]: "
        "`alias.example.com` has a record of type A next to this CNAME (edge.yaml:4:68)",
    ),
    "a CNAME beside the dashboard's": (
        declared("type: CNAME, name: board.example.com., content: a.example.net"),
        "edge.yaml:11:9 domains.example.com.records[0]: "
        "`board.example.com` has a record of type A next to this CNAME (edge.yaml:5:26)",
    ),
    "a text beside a host's own CNAME": (
        "    hosts:\n      www.example.com: {cname: a.example.net}\n"
        + declared("type: TXT, name: www, content: x"),
        "edge.yaml:13:9 domains.example.com.records[0]: `www.example.com` is a CNAME (edge.yaml:11:32)",
    ),
    "an address beside a host's own proxied CNAME": (
        "    hosts:\n      www.example.com: {cname: a.example.net, proxied: true}\n"
        + declared("type: A, name: www, content: 192.0.2.3"),
        "edge.yaml:13:9 domains.example.com.records[0]: `www.example.com` is a CNAME (edge.yaml:11:32)",
    ),
    "an address that is not proxied beside a proxied one": (
        PROXIED + declared("type: AAAA, name: www, content: '2001:db8::3'"),
        "edge.yaml:12:9 domains.example.com.records[0]: AAAA `www.example.com` is not proxied and another address of "
        "it is: Cloudflare proxies all or none (edge.yaml:4:41)",
    ),
    "a proxied address beside one that is not": (
        declared("type: A, name: www, content: 192.0.2.3, proxied: true"),
        "edge.yaml:11:9 domains.example.com.records[0]: A `www.example.com` is proxied and another address of it is not"
        ": Cloudflare proxies all or none (edge.yaml:4:41)",
    ),
    "a CNAME beside another": (
        declared("type: CNAME, name: x, content: a.example.net", "type: CNAME, name: x, content: b.example.net"),
        "edge.yaml:11:9 domains.example.com.records[0]: "
        "`x.example.com` has another CNAME next to this CNAME (edge.yaml:12:9)",
    ),
    "a CNAME and an address of the zone itself": (
        declared('type: CNAME, name: "@", content: a.example.net', 'type: A, name: "@", content: 192.0.2.9'),
        "edge.yaml:11:9 domains.example.com.records[0]: "
        "`example.com` has a record of type A next to this CNAME (edge.yaml:12:9)",
    ),
    "one record in two spellings": (
        declared("type: MX, name: x, priority: 1, content: M.example.net.",
                 "type: MX, name: X.example.com, priority: 1, content: m.example.net"),
        "edge.yaml:12:9 domains.example.com.records[1]: "
        "MX `x.example.com` -> `m.example.net` is published twice (edge.yaml:11:9)",
    ),
    "one text with and without quotes": (
        declared("type: TXT, name: x, content: ab", "type: TXT, name: x, content: '\"a\" \"b\"'"),
        'edge.yaml:12:9 domains.example.com.records[1]: TXT `x.example.com` -> `"a" "b"` is published twice '
        "(edge.yaml:11:9)",
    ),
    "what a service publishes already": (
        declared("type: A, name: www, content: 192.0.2.1"),
        "edge.yaml:11:9 domains.example.com.records[0]: "
        "A `www.example.com` -> `192.0.2.1` is published twice (edge.yaml:4:41)",
    ),
    "two ttls of one set": (
        declared("type: A, name: x, content: 192.0.2.3, ttl: 600", "type: A, name: x, content: 192.0.2.4"),
        "edge.yaml:12:9 domains.example.com.records[1]: "
        "A `x.example.com` has a ttl of `auto` here and of 600 elsewhere (edge.yaml:11:9)",
    ),
    "CNAMEs in a circle": (
        declared("type: CNAME, name: x, content: y.example.com", "type: CNAME, name: y, content: x.example.com"),
        "edge.yaml:11:9 domains.example.com.records[0]: "
        "this CNAME leads back to itself: x.example.com -> y.example.com -> x.example.com",
    ),
    "a host below a delegation": (
        declared("type: NS, name: www, content: ns1.example.net"),
        "edge.yaml:9:17 domains.example.com.addresses[0]: `www.example.com` is not answered from `example.com`: "
        "`www.example.com` is delegated to other name servers (edge.yaml:11:9)",
    ),
    "a record below a delegation": (
        declared("type: NS, name: sub, content: ns1.example.net", "type: TXT, name: a.b.sub, content: x"),
        "edge.yaml:12:9 domains.example.com.records[1]: `a.b.sub.example.com` is not answered from `example.com`: "
        "`sub.example.com` is delegated to other name servers (edge.yaml:11:9)",
    ),
    "a name of the domain below": (
        declared("type: A, name: x.sub, content: 192.0.2.9") + "  sub.example.com: {}\n",
        "edge.yaml:11:9 domains.example.com.records[0]: `x.sub.example.com` lies in the domain `sub.example.com`",
    ),
    "too many texts of one name": (
        declared(*(f"type: TXT, name: x, content: {letter * 4000}" for letter in "abc")),
        "edge.yaml:13:9 domains.example.com.records[2]: "
        "all texts of `x.example.com` have more than 8,192 bytes together",
    ),
}  # fmt: skip
REFUSED_IN_A_FILE = {
    "a CNAME of the zone itself": (
        declared('type: CNAME, name: "@", content: a.example.net'),
        "edge.yaml:11:9 domains.example.com.records[0]: "
        "`example.com` is the zone itself, which can't be a CNAME: its SOA and NS are there",
    ),
    "a server of the zone without an address": (
        declared('type: NS, name: "@", content: ns.example.com'),
        "edge.yaml:11:9 domains.example.com.records[0]: the name server `ns.example.com` has no address in the spec",
    ),
    "a server of the zone that is a CNAME": (
        declared('type: NS, name: "@", content: ns.example.com', "type: CNAME, name: ns, content: a.example.net"),
        "edge.yaml:11:9 domains.example.com.records[0]: "
        "`ns.example.com` is a CNAME, and a record of type NS needs a name with addresses (edge.yaml:12:9)",
    ),
}
REMARKS = {
    "mail to a CNAME": (
        declared("type: MX, name: x, priority: 1, content: m.example.com",
                 "type: CNAME, name: m, content: a.example.net"),
        "`m.example.com` is a CNAME, and a record of type MX needs a name with addresses (edge.yaml:12:9)",
    ),
    "a service at a CNAME": (
        declared("type: SRV, name: _x._tcp, priority: 1, weight: 1, port: 1, content: m.example.com",
                 "type: CNAME, name: m, content: a.example.net"),
        "`m.example.com` is a CNAME, and a record of type SRV needs a name with addresses (edge.yaml:12:9)",
    ),
    "name servers of the zone itself": (
        declared('type: NS, name: "@", content: ns1.example.net'),
        "Cloudflare ignores NS records of the zone itself unless multi-provider DNS is on",
    ),
    "a name server without an address": (
        declared("type: NS, name: sub, content: ns.sub.example.com"),
        "the name server `ns.sub.example.com` has no address in the spec",
    ),
    "a record that is ignored": (
        "    ignore: ['x*']\n" + declared("type: A, name: x1, content: 192.0.2.9"),
        "`x1` is not published: `ignore` covers it",
    ),
}  # fmt: skip
RIGHT = {
    "mail and texts beside a CNAME of the zone itself, which Cloudflare flattens": declared(
        'type: CNAME, name: "@", content: a.example.net', 'type: MX, name: "@", priority: 1, content: m.example.net',
        'type: TXT, name: "@", content: v=spf1 -all', "type: CAA, name: '@', content: 0 issue letsencrypt.org",
    ),
    "two addresses, two priorities, two texts": declared(
        "type: A, name: x, content: 192.0.2.3", "type: A, name: x, content: 192.0.2.4",
        "type: MX, name: x, priority: 1, content: m.example.net",
        "type: MX, name: x, priority: 2, content: m.example.net",
        "type: TXT, name: x, content: a", "type: TXT, name: x, content: A",
    ),
    "a delegation with its glue": declared(
        "type: NS, name: sub, content: ns.sub.example.com", "type: A, name: ns.sub, content: 192.0.2.5"
    ),
    "a delegation to the domain below": declared("type: NS, name: sub, content: ns1.example.net")
    + "  sub.example.com: {records: [{type: A, name: x, content: 192.0.2.9}]}\n",
    "a CNAME for a host without addresses": (
        "    hosts:\n      www.example.com: {addresses: []}\n"
        + declared("type: CNAME, name: www, content: a.example.net")
    ),
    "texts and mail beside a proxied CNAME, which nobody sees": (
        "    hosts:\n      www.example.com: {cname: a.example.net, proxied: true}\n"
        + declared(
            "type: TXT, name: www, content: x", "type: MX, name: www, priority: 1, content: m.example.net",
            "type: CNAME, name: x, content: a.example.net, proxied: true", "type: TXT, name: x, content: x",
        )
    ),
    "a second proxied address": (
        PROXIED + declared(
            "type: A, name: www, content: 192.0.2.3, proxied: true", "type: A, name: mail, content: 192.0.2.3",
            "type: AAAA, name: old, content: '100::', proxied: true",
        )
    ),
    "an address of a service that is behind Cloudflare": declared("type: A, name: shop, content: 104.18.2.2"),
    "a second address of a service": declared("type: A, name: www, content: 192.0.2.2"),
}  # fmt: skip


OF_CLOUDFLARE = (
    "a CNAME and an address of the zone itself", "too many texts of one name",
    "an address beside a host's own proxied CNAME", "an address that is not proxied beside a proxied one",
    "a proxied address beside one that is not",
)  # fmt: skip
"""A zone file has other limits and other words."""
CASES = [(name, "cloudflare") for name in REFUSED] + [
    (name, "zonefile") for name in REFUSED if name not in OF_CLOUDFLARE
]


@pytest.mark.parametrize(("name", "provider"), CASES)
def test_it_is_refused_with_both_places(name: str, provider: str) -> None:
    body, said = REFUSED[name]
    with pytest.raises(SpecError) as caught:
        checked(load_text(spec(body, provider).encode()))
    assert said in [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize("name", REFUSED_IN_A_FILE)
def test_a_zone_file_holds_less_than_cloudflare(name: str) -> None:
    body, said = REFUSED_IN_A_FILE[name]
    with pytest.raises(SpecError) as caught:
        checked(load_text(spec(body, "zonefile").encode()))
    assert said in [str(problem) for problem in caught.value.problems]
    checked(load_text(spec(body).encode()))


@pytest.mark.parametrize("name", REMARKS)
def test_it_is_only_remarked(name: str) -> None:
    body, said = REMARKS[name]
    remarks = checked(load_text(spec(body).encode()))
    assert [problem.message for problem in remarks if "records[" in problem.path] == [said]


def test_the_address_of_the_proxy_is_not_that_of_the_server() -> None:
    """What DNS answers for a proxied host: each place is named once, and not where the records are kept elsewhere."""
    said = "`104.21.5.7` is Cloudflare's own address, as DNS answers for a proxied host"
    for provider in ("cloudflare", "zonefile"):
        loaded = load_text(spec("", provider).replace("192.0.2.1", "104.21.5.7").encode())
        assert [(str(item), item.hint) for item in checked(loaded) if "addresses" in item.path] == [
            (f"edge.yaml:9:17 domains.example.com.addresses[0]: {said}", "write the address of the server")
        ]
    assert not checked(load_text(spec("", "none").replace("192.0.2.1", "104.21.5.7").encode()))


@pytest.mark.parametrize("name", RIGHT)
def test_near_misses(name: str) -> None:
    assert record_violations(load_text(spec(RIGHT[name]).encode())) == []


def test_every_record_knows_the_line_that_wants_it() -> None:
    body = "    hosts:\n      board.example.com: {cname: a.example.net}\n    caa: true\n" + declared(
        "type: A, name: x, content: 192.0.2.9"
    )
    loaded = load_text(spec(body).encode())
    found = {(record.type.value, record.name): str(record.where) for record in placed(loaded, records(loaded.spec))}
    assert found == {
        ("A", "www.example.com"): "edge.yaml:9:17",
        ("A", "alias.example.com"): "edge.yaml:9:17",
        ("CNAME", "board.example.com"): "edge.yaml:11:34",
        ("CAA", "example.com"): "edge.yaml:12:10",
        ("A", "x.example.com"): "edge.yaml:14:9",
    }

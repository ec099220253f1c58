"""Random declared records, possible and hostile, and what they must be when a name server reads them.

The expectation is dnspython's own reading of what the record says; it shares nothing with the writer that it judges.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import dns.name
import dns.rdata
import dns.rdatatype
import dns.zone
from hypothesis import strategies as st

from tests.dns.hostile_texts import HOSTILE_TEXTS

ZONE = "example.com"
Item = dict[str, Any]
_IDNA = dns.name.IDNA_2008_UTS_46

LABEL = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=12)
NAMES = st.one_of(
    st.just("@"),
    LABEL,
    st.builds("{}.{}".format, LABEL, LABEL),
    st.builds("*.{}".format, LABEL),
    st.builds("{}.example.com".format, LABEL),
    st.builds("{}.Example.COM.".format, LABEL),
    st.sampled_from(
        ["bücher", "ΣΊΣΥΦΟΣ", "例え.テスト", "x" * 63, "a-b", "xn--bcher-kva", "*", "example.com", "UPPER"]
    ),
)
HOSTS = st.one_of(
    st.builds("{}.example.net".format, LABEL),
    st.builds("{}.Example.ORG.".format, LABEL),
    st.sampled_from(["bücher.example.org", "mail.example.net", "a.b.c.d.e.example.net", f"{'y' * 63}.example.net"]),
)
TEXTS = st.one_of(
    st.sampled_from(
        [
            "v=DMARC1; p=none; rua=mailto:a@example.com", "v=spf1 include:_spf.example.net ~all", "x" * 255, "x" * 256,
            "k" * 700, "ü" * 200, 'say "yes"', "back\\slash", ";", "$ORIGIN example.net.", "@", "( not ) a group",
            '"v=DKIM1; k=rsa" " p=MIIB"', r'"a \"quoted\" word"', r'"\\"', r'"semi\;colon"', '"\\195\\188"',
            "a  b", "tail\\", "\\010", "{}", "%", "#", "' quote", "IN A 192.0.2.66", "😀", "0", "a. 60 IN A x",
        ]
    ),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=300)
    .map(str.strip)
    .filter(lambda text: bool(text) and text[0] != '"' and "\\;" not in text and '\\"' not in text),
)  # fmt: skip
CAA = st.builds(
    "{} {} {}".format,
    st.sampled_from(["0", "128"]),
    st.sampled_from(["issue", "issuewild", "Issue", "issuemail"]),
    st.sampled_from(
        ["letsencrypt.org", '"letsencrypt.org"', '";"', ";", '"sectigo.com; account=1"', "ca.example.net; a=b"]
    ),
) | st.sampled_from(['0 iodef "mailto:ops@example.com"', "0 iodef https://iodef.example.com/"])
TTLS = st.sampled_from(["auto", 60, 300, 86400])


def _with(kind: str, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Item]:
    fields.setdefault("name", NAMES)
    return st.fixed_dictionaries({"type": st.just(kind), **fields}, optional={"ttl": TTLS})


NUMBER = st.integers(0, 65535)
POSSIBLE = st.one_of(
    _with("A", content=st.ip_addresses(v=4, network="203.0.113.0/24").map(str)),
    _with("AAAA", content=st.sampled_from(["2001:db8::1", "2001:DB8:0:0::00A", "2001:db8:0:0:1:0:0:1"])),
    _with("CNAME", content=HOSTS | st.just("_validate.example.net"), name=NAMES.filter(lambda n: n not in _APEX)),
    _with("MX", content=HOSTS, priority=NUMBER),
    _with("MX", content=st.just("."), priority=st.just(0)),
    _with("SRV", content=HOSTS | st.just("."), name=st.sampled_from(["_imaps._tcp", "_x-y._udp.sub", "_sip._tls"]),
          priority=NUMBER, weight=NUMBER, port=NUMBER),
    _with("NS", content=HOSTS, name=NAMES.filter(lambda n: "*" not in n and n not in _APEX)),
    _with("CAA", content=CAA),
    _with("TXT", content=TEXTS, name=NAMES | st.sampled_from(["_dmarc", "k1._domainkey", "_x.y"])),
)  # fmt: skip
_APEX = ("@", "example.com")

_INJECTION = st.sampled_from(HOSTILE_TEXTS)
_ANYTHING = _INJECTION | st.text(max_size=30) | HOSTS | NAMES | TEXTS | CAA


def _usual(item: Item) -> Item:
    """With the numbers that its type needs, so that more than the lack of them is tried."""
    if item["type"] in ("MX", "SRV"):
        item = {"priority": 10, **item}
    if item["type"] == "SRV":
        return {"weight": 1, "port": 443, **item}
    return {key: value for key, value in item.items() if key not in ("weight", "port")}


HOSTILE = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["A", "AAAA", "CNAME", "MX", "TXT", "SRV", "CAA", "NS"]),
        "name": NAMES | _ANYTHING,
        "content": _ANYTHING,
    },
    optional={
        "priority": NUMBER | st.sampled_from([-1, 65536]),
        "weight": NUMBER,
        "port": NUMBER,
        "ttl": TTLS | st.sampled_from([0, 1, 59, 86401, -1]),
        "proxied": st.booleans(),
    },
).map(_usual)


@dataclass(frozen=True)
class Sample:
    """A spec's text, its declared records, and the lines that they stand on."""

    text: str
    items: list[Item]
    first_line: int

    @property
    def lines(self) -> range:
        return range(self.first_line, self.first_line + len(self.items))


def sample(items: list[Item], provider: str) -> Sample:
    """A spec with a service at www.example.com and these records, one on each line."""
    server = {"type": "NS", "name": "@", "content": "ns1.example.net"}
    listed = [server, *items] if provider == "zonefile" else items
    head = f"""\
name: records
dns: {{owner: records-k3v9x2qa}}
services:
  web: {{image: "w:1.0", port: 80, host: www.example.com}}
domains:
  example.com:
    provider: {provider}
    addresses: [203.0.113.7]
    records:
"""
    body = "".join(
        f"    - {{{', '.join(f'{key}: {_yaml(value)}' for key, value in item.items())}}}\n" for item in listed
    )
    return Sample(head + (body or "    []\n"), listed, head.count("\n") + 1)


def _yaml(value: object) -> str:
    """A value as YAML: text in double quotes, whatever is in it."""
    if not isinstance(value, str):
        return str(value).lower()
    return '"' + "".join(_char(char) for char in value) + '"'


def _char(char: str) -> str:
    if char in '"\\':
        return f"\\{char}"
    code = ord(char)
    return (
        char
        if 32 <= code < 127
        else f"\\x{code:02x}"
        if code < 256
        else f"\\u{code:04x}"
        if code < 65536
        else f"\\U{code:08x}"
    )


def meant(item: Item) -> tuple[str, str, bytes]:
    """(name, type, wire form) that a name server must have for an accepted record."""
    zone = dns.name.from_text(ZONE)
    name = item["name"]
    written = dns.name.from_text(name, origin=None, idna_codec=_IDNA)
    absolute = written if written.is_absolute() else written.concatenate(dns.name.root)
    owner = zone if name == "@" else absolute if absolute.is_subdomain(zone) else written.derelativize(zone)
    return owner.to_text().lower(), item["type"], _wire(item)


def _wire(item: Item) -> bytes:
    kind, content = item["type"], item["content"]
    if kind == "TXT":
        return _joined(content)
    if kind == "CAA":
        flags, tag, value = content.split(None, 2)
        return bytes([int(flags), len(tag)]) + tag.lower().encode() + value.strip().strip('"').encode()
    if kind in ("A", "AAAA"):
        return dns.rdata.from_text("IN", kind, content).to_wire() or b""
    target = dns.name.from_text(content.strip().lower(), idna_codec=_IDNA)
    numbers = [item[key] for key in ("priority", "weight", "port") if key in item]
    return b"".join(number.to_bytes(2, "big") for number in numbers) + target.to_wire()


def _joined(content: str) -> bytes:
    """A text as its bytes: text in quotes is read by dnspython, other text is itself."""
    if not content.startswith('"'):
        return content.encode()
    return b"".join(dns.rdata.from_text("IN", "TXT", content).strings)


def read_back(text: bytes) -> list[tuple[str, str, bytes]]:
    """What dnspython finds in a zone file, its SOA aside."""
    zone = dns.zone.from_text(text.decode(), origin=f"{ZONE}.", relativize=False, check_origin=True)
    found = []
    for name, _, rdata in zone.iterate_rdatas():
        kind = dns.rdatatype.to_text(rdata.rdtype)
        if kind == "TXT":
            found.append((name.to_text().lower(), kind, b"".join(rdata.strings)))
        elif kind != "SOA":
            found.append((name.to_text().lower(), kind, rdata.to_wire()))
    return found

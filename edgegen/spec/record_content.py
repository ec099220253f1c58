"""Whether a declared record may have its content: dnspython's judgement, and the rules that it doesn't have.

Reads nothing; dnspython is imported only for specs that declare records.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Callable

from edgegen.core.dns_names import dns_name
from edgegen.core.names import Hostname
from edgegen.core.show import shown
from edgegen.core.suggest import did_you_mean
from edgegen.core.zone_text import quoted, strings
from edgegen.records import CAA_TAGS, RecordType
from edgegen.spec.domain import DeclaredRecord, Domain
from edgegen.spec.published_address import unusable
from edgegen.spec.record_name import RecordError

"""Source: IANA's registry of Certification Authority Restriction Properties."""
_CONTROL = ("Cc", "Cs", "Zl", "Zp")
"""Unicode's control characters, halves of characters, and ends of lines and paragraphs."""
_ESCAPE = re.compile(r"\\(?:(\d{3})|(.)|$)")
_CAA_ISSUER = re.compile(r"\s*([^;\s]*)\s*(;.*)?")
_CAA_VALUE = re.compile(r"[ !#-\[\]-~]*")


def check_content(item: DeclaredRecord, zone: str, domain: Domain) -> None:
    """Raise RecordError for a content that the record can't have."""
    if not item.content.strip():
        raise RecordError("the content is empty")
    if any(unicodedata.category(character) in _CONTROL for character in item.content):
        raise RecordError(
            f"`{shown(item.content)}` holds a line break or another control character",
            "write it on one line; a block of YAML that begins with `>-` is one line",
        )
    try:
        text = _TEXTS[item.type](item, zone, domain)
    except RecordError:
        raise
    except ValueError as error:
        raise RecordError(str(error)) from None
    _parse(item, text)


def _parse(item: DeclaredRecord, text: str) -> None:
    """The judgement of the library that reads zone files."""
    import dns.exception
    import dns.rdata

    try:
        dns.rdata.from_text("IN", item.type.value, text, relativize=False)
    except (dns.exception.DNSException, ValueError, UnicodeError) as error:
        said = str(error).partition("\n")[0]
        raise RecordError(
            f"`{shown(item.content)}` is not a content of a {item.type} record: {shown(said, 100)}"
        ) from None


def _address(item: DeclaredRecord) -> str:
    text, version = item.content.strip(), 4 if item.type is RecordType.A else 6
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        raise RecordError(f"`{shown(text)}` is not an IPv{version} address") from None
    if address.version != version:
        raise RecordError(
            f"`{shown(text)}` is an IPv{address.version} address", f"use a record of type {_OTHER[item.type]}"
        )
    if "%" in text:
        raise RecordError(f"`{shown(text)}` names an interface of one machine: records don't know it")
    if (problem := unusable(address)) is not None:
        raise RecordError(f"`{shown(text)}` {problem}")
    return str(address)


_OTHER = {RecordType.A: RecordType.AAAA, RecordType.AAAA: RecordType.A}


def target(text: str, zone: str, *, underscores: bool = False) -> str:
    """The host name that a record points to. Raises ValueError with a sentence."""
    plain = text.strip()
    if plain == "@":
        raise RecordError("`@` is only a name, not a content", f"write `{zone}`")
    if re.match(r"\d+\s", plain):
        raise RecordError(f"`{shown(plain)}` begins with a number", "priority, weight and port are separate keys")
    if re.search(r"\s", plain):
        raise RecordError(f"`{shown(plain)}` is not a host name: it holds white space")
    if _is_address(plain):
        raise RecordError(f"`{shown(plain)}` is an IP address, and this needs a host name", "use its name")
    if "." not in plain.removesuffix("."):
        raise RecordError(f"`{shown(plain)}` has no dot", f"write the full name, like `{shown(plain)}.{zone}`")
    if underscores and "_" in plain:
        Hostname.parse(plain.replace("_", "x"))  # any other flaw is the same with and without them
        return plain
    return Hostname.parse(plain)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text.strip("[]"))
    except ValueError:
        return False
    return True


def _target(item: DeclaredRecord, zone: str) -> str:
    if item.content.strip() == "." and item.type in (RecordType.MX, RecordType.SRV):
        return "."  # Source: RFC 7505 and RFC 2782: there is no such service
    return f"{dns_name(target(item.content, zone, underscores=item.type is RecordType.CNAME))}."


def _mx(item: DeclaredRecord, zone: str) -> str:
    found = _target(item, zone)
    if found == "." and item.priority != 0:
        raise RecordError(
            "`.` means that the name doesn't accept mail; its priority is 0", "write `priority: 0`", key="priority"
        )
    return f"{item.priority} {found}"


def _caa(item: DeclaredRecord) -> str:
    parts = item.content.split(None, 2)
    if len(parts) != 3 or not parts[0].isdecimal():
        raise RecordError(f"`{shown(item.content)}` is not a CAA content", 'write it like `0 issue "letsencrypt.org"`')
    flags, tag, value = parts[0], parts[1].lower(), parts[2].strip()
    if flags not in ("0", "128"):
        raise RecordError(f"the flags of a CAA record are 0 or 128 (critical), not {shown(flags)}")
    if tag not in CAA_TAGS:
        raise RecordError(f"a CAA record has no tag `{shown(tag)}`", did_you_mean(tag, CAA_TAGS, ", ".join(CAA_TAGS)))
    if value.startswith('"'):
        found = strings(value)
        if found is None or len(found) != 1:
            raise RecordError(f"`{shown(value)}` is not one text in quotes")
        value = found[0].decode("utf-8", "replace")
    _check_caa_value(tag, value)
    return f'{flags} {tag} "{value}"'


def _check_caa_value(tag: str, value: str) -> None:
    if not _CAA_VALUE.fullmatch(value):
        raise RecordError(f"`{shown(value)}` may hold only ASCII characters, without quotes and backslashes")
    if tag == "iodef" and not re.match(r"(mailto:[^@\s]+@[^@\s]+|https?://[^\s/]+)", value):
        raise RecordError(f"`{shown(value)}` is not a mailto: or https: URL")
    if tag.startswith("issue"):
        found = _CAA_ISSUER.fullmatch(value)
        if found is None:
            raise RecordError(f"`{shown(value)}` is not the name of an authority, like `letsencrypt.org`")
        if found[1]:
            Hostname.parse(found[1])


def _txt(item: DeclaredRecord, domain: Domain) -> str:
    text = item.content
    if text.startswith('"'):
        found = strings(text)
        if found is None:
            raise RecordError(
                f"`{shown(text)}` begins with a quote and is not text in quotes as a whole",
                'leave the quotes out, or write every quote inside as `\\"`',
            )
        if any((match[2] and match[2].isdigit()) or int(match[1] or 0) > 255 for match in _ESCAPE.finditer(text)):
            raise RecordError(
                f"`{shown(text)}` has an escape that is not three digits up to 255", "write a backslash as `\\\\`"
            )
        data = b"".join(found)
        if any(byte < 32 or byte == 127 for byte in data):
            raise RecordError(f"`{shown(text)}` holds a control character")
    else:
        if re.search(r'\\[;"]', text):
            raise RecordError(
                f"`{shown(text)}` holds a backslash before `;` or a quote", "leave it out: edgegen adds those"
            )
        if text != text.strip():
            raise RecordError(
                f"`{shown(text)}` begins or ends with white space", "leave it out: providers don't keep it"
            )
        data = text.encode()
    limit = domain.capabilities.text_limit
    if len(data) > limit:
        raise RecordError(f"the text has {len(data):,} bytes, and at most {limit:,} are kept by {domain.keeper}")
    if not data:
        raise RecordError("the content is empty")
    return quoted(data.decode("utf-8", "surrogateescape"))


_TEXTS: dict[RecordType, Callable[[DeclaredRecord, str, Domain], str]] = {
    RecordType.A: lambda item, _zone, _domain: _address(item),
    RecordType.AAAA: lambda item, _zone, _domain: _address(item),
    RecordType.CNAME: lambda item, zone, _domain: _target(item, zone),
    RecordType.NS: lambda item, zone, _domain: _target(item, zone),
    RecordType.MX: lambda item, zone, _domain: _mx(item, zone),
    RecordType.SRV: lambda item, zone, _: f"{item.priority} {item.weight} {item.port} {_target(item, zone)}",
    RecordType.CAA: lambda item, _zone, _domain: _caa(item),
    RecordType.TXT: lambda item, _zone, domain: _txt(item, domain),
}
"""Each type's content as a zone file would have it."""

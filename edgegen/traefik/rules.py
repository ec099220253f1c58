"""Rules of routers, in the syntax of Traefik 3. Source: Traefik's reference, "Rules & Priority"."""

from __future__ import annotations

from collections.abc import Sequence

_ONE_LABEL = "[a-zA-Z0-9_-]+"
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def quoted(value: str) -> str:
    """A value as an argument of a matcher: in backticks, or as a double-quoted Go string where these can't hold it.

    Traefik reads arguments as Go does: a raw string holds no backtick and loses its carriage returns, and neither
    form may hold a NUL or a byte order mark as it is. Raises ValueError for half of a surrogate pair: no UTF-8 has it.
    """
    if any("\ud800" <= mark <= "\udfff" for mark in value):
        raise ValueError("a rule can't hold half of a surrogate pair")
    if "`" not in value and value.isprintable():
        return f"`{value}`"
    return f'"{"".join(_escaped(mark) for mark in value)}"'


def _escaped(mark: str) -> str:
    if mark in _ESCAPES:
        return _ESCAPES[mark]
    if mark.isprintable():
        return mark
    return f"\\u{ord(mark):04x}" if ord(mark) < 0x10000 else f"\\U{ord(mark):08x}"


def host_rule(
    hosts: Sequence[str],
    path: str | Sequence[str] | None = None,
    *,
    methods: Sequence[str] = (),
    wildcard_matcher: bool = True,
) -> str:
    """Requests for one of `hosts`, below `path` (or one of several), with one of `methods`.

    `wildcard_matcher`: whether this Traefik's Host takes `*.example.com` (3.7.0 and later). Raises ValueError where
    there is no host: the rule would match every request.
    """
    if not hosts:
        raise ValueError("a rule needs a host")
    alternatives = [[_host(host, wildcard_matcher=wildcard_matcher) for host in hosts]]
    if paths := [path] if isinstance(path, str) and path else path:
        alternatives.append([f"PathPrefix({quoted(prefix)})" for prefix in paths])
    if methods:
        alternatives.append([f"Method({quoted(method)})" for method in methods])
    return _all(alternatives)


def host_sni_rule(hosts: Sequence[str]) -> str:
    """TLS connections whose hello names one of `hosts`; `*` is any connection, with TLS or without.

    A name like `*.example.com` becomes an expression: HostSNI of every Traefik 3 takes whole names only.
    """
    if not hosts:
        raise ValueError("a rule needs a host")
    return _all([[_sni(host) for host in hosts]])


def _host(host: str, *, wildcard_matcher: bool) -> str:
    if host.startswith("*.") and not wildcard_matcher:
        return f"HostRegexp({quoted(_one_label_below(host))})"
    return f"Host({quoted(host)})"


def _sni(host: str) -> str:
    if host.startswith("*."):
        return f"HostSNIRegexp({quoted(_one_label_below(host))})"
    return f"HostSNI({quoted(host)})"


def _one_label_below(wildcard: str) -> str:
    # re.escape would also escape hyphens, which Go's RE2 takes but nobody can read.
    return f"^{_ONE_LABEL}{wildcard[1:].replace('.', chr(92) + '.')}$"


def wildcard_of(pattern: str) -> str:
    """The wildcard that a pattern of `host_rule` or `host_sni_rule` means; "" for any other pattern."""
    start, end = f"^{_ONE_LABEL}\\.", "$"
    if not (pattern.startswith(start) and pattern.endswith(end)):
        return ""
    host = "*." + pattern[len(start) : -len(end)].replace("\\.", ".")
    plain = all(mark.isalnum() or mark in "*.-_" for mark in host)
    return host if plain and _one_label_below(host) == pattern else ""


def _all(alternatives: Sequence[Sequence[str]]) -> str:
    if len(alternatives) == 1:
        return " || ".join(alternatives[0])
    return " && ".join(parts[0] if len(parts) == 1 else f"({' || '.join(parts)})" for parts in alternatives)

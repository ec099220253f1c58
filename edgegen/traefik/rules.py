"""Rules of routers, in the syntax of Traefik 3. Source: Traefik's reference, "Rules & Priority"."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence


def quoted(value: str) -> str:
    """A value as an argument of a matcher: in back-ticks, or as a double-quoted Go string where it holds one."""
    if "`" not in value and "\r" not in value:  # Go drops carriage returns from raw strings
        return f"`{value}`"
    return json.dumps(value, ensure_ascii=False)


def host_rule(
    hosts: Sequence[str], path: str | None = None, *, methods: Sequence[str] = (), wildcard_matcher: bool = True
) -> str:
    """Requests for one of `hosts`, below `path`, with one of `methods`.

    `wildcard_matcher`: whether this Traefik's Host takes `*.example.com` (3.7.0 and later).
    """
    parts = [_any([_host(host, wildcard_matcher=wildcard_matcher) for host in hosts])]
    if path:
        parts.append(f"PathPrefix({quoted(path)})")
    if methods:
        parts.append(_any([f"Method({quoted(method)})" for method in methods]))
    return " && ".join(parts if len(parts) > 1 else [_bare(parts[0])])


def host_sni_rule(hosts: Sequence[str]) -> str:
    """TLS connections whose hello names one of `hosts`."""
    return _bare(_any([f"HostSNI({quoted(host)})" for host in hosts]))


def _host(host: str, *, wildcard_matcher: bool) -> str:
    if host.startswith("*.") and not wildcard_matcher:
        return f"HostRegexp({quoted(f'^[a-z0-9-]+{re.escape(host[1:])}$')})"
    return f"Host({quoted(host)})"


def _any(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"({' || '.join(parts)})"


def _bare(rule: str) -> str:
    return rule[1:-1] if rule.startswith("(") else rule

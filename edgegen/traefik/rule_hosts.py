"""Which hosts a router's rule names, as far as it names them whole."""

from __future__ import annotations

import re
from functools import lru_cache

from edgegen.core.pattern import late_pattern

_MATCHER = late_pattern(r"\b(?:Host|HostSNI)\(([^)]*)\)", re.IGNORECASE)
_QUOTED = late_pattern(r"[`\"]([^`\"]*)[`\"]")


@lru_cache(maxsize=1 << 14)  # several rules of lint ask for the hosts of every router
def hosts_of(rule: str) -> tuple[str, ...]:
    """The names of its `Host` and `HostSNI` matchers, lower case; a regular expression names nobody."""
    return tuple(
        name.lower().removesuffix(".") for inside in _MATCHER.findall(rule) for name in _QUOTED.findall(inside)
    )


def rule_names(rule: str, host: str) -> bool:
    """Whether one of them is the host, or a wildcard right above it."""
    above = f"*.{host.partition('.')[2]}"
    return any(name in (host, above) for name in hosts_of(rule))

"""Which part of a file `docker stack` complains about, in its own words. Pure."""

from __future__ import annotations

import re

_FORMS = (
    re.compile(r"^(?P<at>\(root\)|[\w-]+(?:\.[\w-]+)*) Additional property (?P<key>\S+) is not allowed", re.MULTILINE),
    re.compile(r"^(?P<at>(?:services|networks|volumes|secrets|configs)(?:\.[\w-]+)+)[: ]", re.MULTILINE),
    re.compile(r"\bservice \"?(?P<service>[\w-]+)\"?[: ]"),
    re.compile(r"for service (?P<service>[\w-]+)\b"),
)


def path_in(said: str) -> str:
    """The path that it names (`services.web.ports.0`); "" where it names none."""
    for form in _FORMS:
        if found := form.search(said):
            parts = found.groupdict()
            if service := parts.get("service"):
                return f"services.{service}"
            place = "" if parts["at"] == "(root)" else parts["at"]
            return ".".join(part for part in (place, parts.get("key")) if part)
    return ""

"""Middlewares by their full names: what a picture says about one, and where it leads. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from edgegen.graph.routing import FILE, Thing
from edgegen.kinds.routing import redirected_to


class Wares:
    """The middlewares of a project. Traefik keeps those of HTTP and TCP apart."""

    def __init__(self, found: Iterable[Thing]) -> None:
        self._found = {(item.section, item.full): item for item in found}

    def line(self, section: str, name: str) -> str:
        """`office (ip-allow-list)`, or only the name where it says its kind, or nobody here defines it."""
        bare = name.partition("@")[0]
        item = self._found.get((section, name))
        if item is None:
            return name if not name.endswith(f"@{FILE}") else bare
        if item.middleware == "chain":
            return f"{bare} ({', '.join(word.partition('@')[0] for word in self._chained(item))})"
        return bare if bare.endswith(item.middleware) else f"{bare} ({item.middleware})"

    def redirect(self, section: str, names: Sequence[str]) -> tuple[str, bool] | None:
        """Where a redirect of every request leads, and whether it keeps the path."""
        for item in self._all(section, names):
            found = redirected_to(item.get("redirectregex.regex"), item.get("redirectregex.replacement"))
            if found:
                return found
        return None

    def error_pages(self, section: str, names: Sequence[str]) -> Iterator[str]:
        """The services, by full names, that answer in place of an error."""
        for item in self._all(section, names):
            if service := item.get("errors.service"):
                yield item.named(service)

    def _all(self, section: str, names: Sequence[str]) -> Iterator[Thing]:
        """The middlewares of these names, and of the chains among them, each once."""
        pending, seen = list(reversed(names)), set[str]()
        while pending:
            name = pending.pop()
            item = self._found.get((section, name))
            if item is None or name in seen:
                continue
            seen.add(name)
            yield item
            pending += [item.named(word) for word in reversed(self._chained(item))]

    @staticmethod
    def _chained(item: Thing) -> tuple[str, ...]:
        return item.words("chain.middlewares")

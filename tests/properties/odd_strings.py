"""Every place of the spec that takes a text, found in its published schema, and texts that belong nowhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

Wrap = Callable[[Any], dict[str, Any]]

BENIGN = (
    "a", "a.example.com", "https://x.example.net", "https://x.example.net/a", "a:1", "10", "10s", "512m", "./a:/b", "80:80",
    "192.0.2.1", "192.0.2.0/24", "/a", "a@example.net", "0" * 32, "always", "0644", "2001:db8::1", "200", "a=b", "on-failure",
    "http://192.0.2.10:5000", "ClientIP(`192.0.2.1`)", "LatencyAtQuantileMS(50.0) > 100", "@", "compress", "s", "web", "v",
    "${X:-1}", "${X:-true}", "rprivate", "pause",
)  # fmt: skip
"""What one place or another takes."""

ODD = (
    "\0", "\n", "\r", "\t", "\x1b[2J", "\x7f", "\x85", "\u2028", "\u202e", "\ufeff", "", " ", "²", "٣", "１", "9" * 5000, "x" * 60_000,
    "${X", "{{ x }}", "'", '"', "\\", "`", "%00", "[", "://", "*", "..", "-", "\U0010ffff", "é", "$", ",", ":", "#", "/",
)  # fmt: skip

CONTEXT: dict[str, Any] = {
    "name": "shop",
    "acme": {"email": "a@example.net"},
    "domains": {"example.com": {"addresses": ["192.0.2.1"]}},
    "secrets": {"s": {"generate": 32}},
    "volumes": {"v": {}},
    "networks": {"a": {}},
    "middlewares": {"compress": {"kind": "compress"}},
    "services": {"web": {"kind": "container", "image": "a:1", "host": "www.example.com", "port": 80}},
}
REQUIRED = {
    "name": "shop", "image": "a:1", "host": "a.example.com", "to": "https://x.example.net", "url": "http://192.0.2.10:5000",
    "port": 80, "listen": 5432, "entrypoint": "pg", "users": ["ci"], "secret": "s", "email": "a@example.net", "kid": "a",
    "upstream": "https://registry-1.docker.io", "type": "A", "content": "192.0.2.1", "target": "/a", "source": "v", "average": 100,
    "amount": 10, "regex": "^a$", "replacement": "b", "scheme": "https", "service": "web", "status": ["500"], "prefix": "/a",
    "path": "/a", "prefixes": ["/a"], "source_range": ["192.0.2.0/24"], "expression": "NetworkErrorRatio() > 0.3", "query": "/a",
    "middlewares": ["compress"], "address": "http://192.0.2.10:5000", "attempts": 3, "bucket": "a", "test": ["CMD", "a"],
    "hmac": {"secret": "s"}, "access_key": {"secret": "s"}, "secret_key": {"secret": "s"}, "users_secret": "s", "region": "a",
    "external": True,
}  # fmt: skip
"""A value for each key that some model requires."""


EXTRA: dict[str, dict[str, Any]] = {
    "container": {"image": "a:1"},
    "tcp": {"image": "a:1", "port": 80, "host": "a.example.com"},
    "external": {"host": "a.example.com"},
    "redirect": {"host": "a.example.com"},
    "registry": {"users": ["ci"]},
    "registry-cache": {"users": ["ci"]},
    "basic-auth": {"users_file": "/a"},
    "digest-auth": {"users_file": "/a"},
}
"""What a kind needs although its schema can't say so."""


class Place(NamedTuple):
    """Where a text may stand; `put` gives the spec that has it there."""

    title: str
    put: Wrap


def places(schema: dict[str, Any]) -> list[Place]:
    """All places of a schema, each once for each model that it belongs to."""
    found: dict[str, Place] = {}
    for place in _Walk(schema).at(schema, "", lambda value: {**CONTEXT, **value}, ()):
        found.setdefault(place.title, place)
    return list(found.values())


class _Walk:
    def __init__(self, schema: dict[str, Any]) -> None:
        self._definitions = schema["$defs"]

    def at(self, node: Any, title: str, wrap: Wrap, inside: tuple[str, ...]) -> Iterator[Place]:
        if not isinstance(node, dict) or len(title) > 300:
            return
        if reference := node.get("$ref"):
            name = reference.rpartition("/")[2]
            if name not in inside:
                yield from self.at(self._definitions[name], title, wrap, (*inside, name))
            return
        for branch in _branches(node):
            yield from self.at(branch, title, wrap, inside)
        if (node.get("type") == "string" and "enum" not in node and "const" not in node) or "pattern" in node:
            yield Place(title, wrap)
        if "items" in node:
            yield from self.at(node["items"], f"{title}[]", lambda value: wrap([value]), inside)
        yield from self._mapping(node, title, wrap, inside)

    def _mapping(self, node: dict[str, Any], title: str, wrap: Wrap, inside: tuple[str, ...]) -> Iterator[Place]:
        own = self._own(node) if "properties" in node and title else {}
        for key, child in node.get("properties", {}).items():
            if key == "kind" or (key == "middlewares" and title.startswith(".services")):
                continue  # no free text; and middlewares are tried by their own section
            kind = own.get("kind", "")
            where = f"{title}.{key}" if not kind else f"{title}({kind}).{key}"
            yield from self.at(child, where, _with(wrap, own, key), inside)
        more = node.get("additionalProperties")
        if isinstance(more, dict):
            value = self._sample(more)
            yield Place(f"{title}.KEY", lambda text: wrap({text: value}))
            yield from self.at(more, f"{title}.*", lambda value: wrap({"a.example.com" if title.startswith(".domains") else "a": value}),
                               inside)  # fmt: skip

    def _own(self, node: dict[str, Any]) -> dict[str, Any]:
        """What a model needs beside the key that is tried."""
        own = {key: REQUIRED[key] for key in node.get("required", ()) if key in REQUIRED}
        kind = node["properties"].get("kind", {})
        if "const" in kind:
            own["kind"] = kind["const"]
        return (
            own
            | EXTRA.get(own.get("kind", ""), {})
            | ({"endpoints": ["a:1"]} if "endpoints" in node["properties"] else {})
        )

    def _sample(self, node: dict[str, Any]) -> Any:
        if reference := node.get("$ref"):
            return self._sample(self._definitions[reference.rpartition("/")[2]])
        for branch in _branches(node):
            if branch.keys() & {"$ref", "properties", "type", "anyOf", "oneOf"}:
                return self._sample(branch)
        if "properties" in node:
            return self._own(node)
        return {"string": "a", "integer": 1, "number": 1, "boolean": True, "array": [], "object": {}}.get(
            node.get("type", "")
        )


def _branches(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What else a node may be. Of a condition, what then holds: each model has its `kind` itself."""
    for branch in (*node.get("anyOf", ()), *node.get("oneOf", ()), *node.get("allOf", ())):
        yield branch.get("then", branch)


def _with(wrap: Wrap, own: dict[str, Any], key: str) -> Wrap:
    return lambda value: wrap({**own, key: value})

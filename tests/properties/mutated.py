"""Specs with something wrong in them: most must be refused, none may surprise."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from tests.properties import hostile, specs

Draw = Any
Path = tuple[str | int, ...]

RAW_SCALARS = st.sampled_from([
    "no", "22:22", "0755", "0o17", "0x1F", "1e3", "1_000", ".inf", "-.INF", ".nan", "2024-13-45", "~", "null", "9" * 30,
    "-0", "+1", "1.", "!!int 3", "!!str 3", "!!python/object:os.system x", "!x y", "*nowhere", "&a b", "? a", "<<", "'", '"',
    "[", "]", "{", "}", "{a: 1, a: 2}", "[[[[[[[[[[1]]]]]]]]]]", "|", ">", "%", "@", "`", "- - -", "a: b: c", "\t", "#", "",
    '"\\ud800"', '"\\x"', "\u2028", "\x07", "\x85", "{<<: 3}", "{<<: {a: 1}}", "--- x", "...", "[" * 40 + "]" * 40, "é",
])  # fmt: skip
"""Text that stands for a value in the file as it is, in YAML's own words or in none."""

junk = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(allow_nan=False, allow_infinity=False), hostile.text,
        st.sampled_from(["container", "registry", "auto", "http", "dns", "proxy", "a.example.com", "*.example.com", "./x:/y"]),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(hostile.text, inner, max_size=3)),
    max_leaves=6,
)  # fmt: skip

KEYS = st.sampled_from([
    "kind", "host", "aliases", "path", "port", "middlewares", "image", "build", "environment", "labels", "extra", "users",
    "storage", "replicas", "upstream", "to", "url", "entrypoint", "listen", "passthrough", "healthcheck", "deploy", "ports",
    "networks", "volumes", "secrets", "depends_on", "command", "logging", "generate", "file", "env", "external", "name",
    "internal", "dashboard", "bind", "docker_socket", "challenge", "ca", "eab", "email", "records", "hosts", "addresses",
    "proxied", "ttl", "zone_id", "target", "acme", "services", "domains", "environments", "edge", "average", "amount",
    "source_range", "redis", "tls", "regex", "replacement", "status", "service", "expression", "test", "anonymous", "version",
])  # fmt: skip

HARD = st.sampled_from([
    ("services", {"w": {"image": "x:1", "host": "w.example.com", "port": 1,
                        "middlewares": [{"kind": "headers", "custom_request_headers": {"X.Y": "1"}}]}}),
    ("services", {"w": {"image": "x:1", "host": "w.example.com", "port": 1,
                        "middlewares": [{"kind": "headers", "access_control_allow_headers": ["a,b", " c", ""]}]}}),
    ("services", {"w": {"image": "x:1", "host": "w.example.com", "port": 1,
                        "middlewares": [{"kind": "ip-allow-list", "source_range": ["1.2.3.0/24 "]}]}}),
    ("services", {"w": {"image": "x:1", "host": "w.example.com", "port": 1, "middlewares": [{"kind": "chain", "middlewares": ["a,b"]}]}}),
    ("services", {name: {"kind": "tcp", "image": "x:1", "host": f"{name}.example.com", "port": 1, "entrypoint": "pg", "listen": 5432}
                  for name in ("one", "two")}),
    ("services", {"w": {"kind": "redirect", "host": "w.example.com", "to": "https://x.example/\\1$1"}}),
    ("services", {"w": {"image": "x:1", "labels": {"k" * 990 + "\x01" * 9: "v"}}}),
    ("services", {"w": {"image": "x:1", "environment": {"": "v"}}}),
    ("services", {"w": {"image": "x:1", "extra": {"a": {"b": [1, {"c": None}]}, "labels": {"traefik.enable": True}}}}),
    ("services", {"w": {"image": "x:1", "extra": {"labels": ["a=b"], "environment": ["A=b"], "networks": None}}}),
    ("services", {"registry": {"kind": "registry", "host": "r.example.com", "users": ["ci"], "extra": {"labels": {"x": 1}}}}),
    ("middlewares", {"a": {"kind": "chain", "middlewares": ["a"]}}),
    ("middlewares", {"a": {"kind": "chain", "middlewares": ["b"]}, "b": {"kind": "chain", "middlewares": ["a"]}}),
    ("middlewares", {"a": {"kind": "errors", "status": ["500"], "service": "nowhere"}}),
    ("extra", {"services": {"traefik": None}}), ("extra", {"services": 3}), ("extra", {"services": {"w": "text"}}),
    ("extra", {"networks": ["x"], "volumes": "y", "secrets": None, "name": 3}), ("extra", {"x-logging": 1, "x-edge-labels": 2}),
    ("edge", {"extra": {"command": None}}), ("edge", {"extra": {"image": ["x"], "labels": "x"}}), ("edge", {"image": "traefik:v2"}),
    ("edge", {"network": "socket"}), ("edge", {"ports": {"web": 443, "websecure": 443}}), ("edge", {"bind": "fe80::1%eth0"}),
    ("environments", {"dev": {"services": 3}}), ("environments", {"dev": {"name": None}}), ("environments", {"dev": 3}),
    ("networks", {"edge": {"external": True}}), ("networks", {"default": {"internal": True}}), ("networks", {"socket": {}}),
    ("secrets", {"a": {"file": "/"}}), ("secrets", {"a": {"file": "missing"}}), ("secrets", {"a": {"env": "NOT_SET"}}),
    ("secrets", {"a": {"file": "../x"}}), ("acme", {"ca_file": "../x"}), ("acme", {"challenge": "dns"}),
    ("acme", {"ca": "zerossl", "eab": {"kid": "k", "hmac": {"secret": "a"}}}), ("name", "x" * 64), ("target", "swarm"),
    ("domains", {"*.example.com": {}}), ("domains", {"example.com": {"addresses": ["auto", "x"]}}),
])  # fmt: skip


def paths(value: Any, at: Path = ()) -> Iterator[Path]:
    """Every place of a tree, the tree itself first."""
    yield at
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from paths(item, (*at, key))


def replaced(tree: Any, at: Path, value: Any) -> Any:
    """The tree with another value at a place."""
    if not at:
        return value
    tree = copy.copy(tree)
    tree[at[0]] = replaced(tree[at[0]], at[1:], value)
    return tree


def without(tree: Any, at: Path) -> Any:
    """The tree without the value at a place."""
    holder = tree
    for part in at[:-1]:
        holder = holder[part]
    rest = copy.copy(holder)
    del rest[at[-1]]
    return replaced(tree, at[:-1], rest)


HOLE = "qqHOLEqq"


@st.composite
def texts(draw: Draw) -> tuple[str, str | None]:
    """The text of a spec with one to three faults, and the environment that is asked for."""
    sample: specs.Sample = draw(specs.specs())
    data: Any = sample.data
    raw: list[str] = []
    for _ in range(draw(st.integers(1, 3))):
        places = list(paths(data))
        at = draw(st.sampled_from(places))
        how = draw(st.integers(0, 6))
        if how == 0 and at:
            data = without(data, at)
        elif how == 1:
            data = replaced(data, at, draw(junk))
        elif how == 2:
            holders = [place for place in places if isinstance(_at(data, place), dict)]
            holder = draw(st.sampled_from(holders)) if holders else ()
            if holders:
                data = replaced(data, holder, {**_at(data, holder), draw(st.one_of(KEYS, hostile.text)): draw(junk)})
        elif how == 3 and at:
            data = replaced(data, at, f"{HOLE}{len(raw)}")
            raw.append(draw(RAW_SCALARS))
        elif how == 4 and isinstance(data, dict):
            section, value = draw(HARD)
            present = data.get(section)
            data = {
                **data,
                section: {**present, **value} if isinstance(present, dict) and isinstance(value, dict) else value,
            }
        elif how == 5:
            data = replaced(data, at, [_at(data, at)] if draw(st.booleans()) else {"a": _at(data, at)})
        else:
            data = replaced(data, at, _at(data, draw(st.sampled_from(places))))
    text = specs.as_text(data)
    for number, value in enumerate(raw):
        text = text.replace(f'"{HOLE}{number}"', value)
    environment = draw(st.sampled_from([sample.environment, sample.environment, "dev", "nowhere", "\x1b[31m"]))
    return text, environment


def _at(tree: Any, at: Path) -> Any:
    for part in at:
        tree = tree[part]
    return tree


garbage = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=60),
    st.text(st.sampled_from("abn:-[]{}&*!|>#'\"%@ \n\t,?0.<=~`"), max_size=40),
    st.binary(max_size=40).map(lambda data: data.decode("latin-1")),
)
"""Files that are hardly YAML."""

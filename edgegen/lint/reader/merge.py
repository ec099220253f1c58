"""One Compose file laid over another by Compose's rules, every part knowing where it came from. Pure.

Mappings merge, lists append, `command`, `entrypoint` and `healthcheck.test` replace, labels and environments merge by
name whatever form they have. Ports, volumes and the like are appended here; which of two with one target counts is
decided where they are read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from edgegen.lint.reader.origin import Node, Origin, child
from edgegen.lint.reader.pairs import written
from edgegen.spec.lenient import OverrideDict, OverrideList, OverrideText, Reset

Merge = Callable[[Node, Node], Node]
_OVERRIDES = (OverrideDict, OverrideList, OverrideText)


def laid_over(base: Node, over: Node) -> Node:
    """A whole file over what was laid together before."""
    return _mapping(base, over, _TOP)


def service_over(base: Node, over: Node) -> Node:
    """A service over the one that it extends."""
    return _mapping(base, over, _SERVICE)


def resource_over(kind: str, base: Node, over: Node) -> Node:
    """A service, network, … over an included one of its name."""
    return service_over(base, over) if kind == "services" else _general(base, over)


def without_tags(node: Node) -> Node:
    """Data without what `!reset` removes."""
    data, origin = node
    if isinstance(data, dict):
        parts = {key: without_tags(child(node, key)) for key, item in data.items() if not isinstance(item, Reset)}
        return joined(origin, parts)
    if isinstance(data, list):
        items = [without_tags(child(node, index)) for index, item in enumerate(data) if not isinstance(item, Reset)]
        return [item for item, _ in items], _with_parts(origin, {index: at for index, (_, at) in enumerate(items)})
    return node


def _general(base: Node, over: Node) -> Node:
    old, new = base[0], over[0]
    if isinstance(new, _OVERRIDES) or old is None:
        return over
    if new is None:
        return base
    if isinstance(old, dict) and isinstance(new, dict):
        return _mapping(base, over, {})
    if isinstance(old, list) and isinstance(new, list):
        return _appended(base, over)
    return over


def _mapping(base: Node, over: Node, rules: Mapping[str, Merge]) -> Node:
    old, new = base[0], over[0]
    if not isinstance(old, dict) or not isinstance(new, dict) or isinstance(new, OverrideDict):
        return base if new is None else over
    parts = {key: child(base, key) for key in old}
    for key, item in new.items():
        node = child(over, key)
        if isinstance(item, Reset):
            parts.pop(key, None)
        elif isinstance(item, _OVERRIDES) or key not in parts:
            parts[key] = node
        else:
            parts[key] = rules.get(key, rules.get("*", _general))(parts[key], node)
    return joined(over[1], parts)


def joined(origin: Origin, parts: dict[Any, Node]) -> Node:
    data = {key: item for key, (item, _) in parts.items()}
    return data, _with_parts(origin, {key: at for key, (_, at) in parts.items()})


def _with_parts(origin: Origin, parts: dict[str | int, Origin]) -> Origin:
    return Origin(origin.layer, origin.path, parts, origin.after)


def _appended(base: Node, over: Node) -> Node:
    parts = [child(node, index) for node in (base, over) for index in range(len(node[0]))]
    kept = [part for part in parts if not isinstance(part[0], Reset)]
    return [item for item, _ in kept], _with_parts(over[1], {index: at for index, (_, at) in enumerate(kept)})


def _replaced(_: Node, over: Node) -> Node:
    return over


def _pairs(base: Node, over: Node) -> Node:
    """By name. The result is a mapping whatever the two were."""
    if over[0] is None:
        return base
    parts: dict[str, Node] = {}
    for node in (base, over):
        for name, item, at in written(node):
            if isinstance(item, Reset):
                parts.pop(name, None)
            else:
                parts[name] = (item, at)
    return joined(over[1], parts)


def _listed(node: Node) -> Node:
    """A single value is a list of one."""
    data, origin = node
    if isinstance(data, list):
        return node
    return ([], origin) if data is None else ([data], _with_parts(origin, {0: origin}))


def _appended_values(base: Node, over: Node) -> Node:
    return _appended(_listed(base), _listed(over))


def _named(node: Node) -> Node:
    """`[a, b]` as `{a: null, b: null}`."""
    data, origin = node
    if not isinstance(data, list):
        return node
    parts = {str(item): (None, origin.at(index)) for index, item in enumerate(data)}
    return joined(origin, dict(parts))


def _by_name(base: Node, over: Node) -> Node:
    return _mapping(_named(base), _named(over), {})


def _build(base: Node, over: Node) -> Node:
    return _mapping(_context(base), _context(over), _BUILD)


def _context(node: Node) -> Node:
    data, origin = node
    return ({"context": data}, _with_parts(origin, {"context": origin})) if isinstance(data, str) else node


def _logging(base: Node, over: Node) -> Node:
    old, new = base[0], over[0]
    drivers = [item.get("driver") for item in (old, new) if isinstance(item, dict)]
    return over if len(drivers) == 2 and None not in drivers and drivers[0] != drivers[1] else _general(base, over)


def _by(rules: Mapping[str, Merge]) -> Merge:
    """A mapping by its keys; `*` is any that is not named."""
    return lambda base, over: _mapping(base, over, rules)


_LABELLED = _by({"labels": _pairs})
_BUILD: dict[str, Merge] = {"args": _pairs, "labels": _pairs, "additional_contexts": _pairs}
_SERVICE: dict[str, Merge] = {
    "labels": _pairs,
    "environment": _pairs,
    "annotations": _pairs,
    "sysctls": _pairs,
    "command": _replaced,
    "entrypoint": _replaced,
    "healthcheck": _by({"test": _replaced}),
    "deploy": _LABELLED,
    "build": _build,
    "networks": _by_name,
    "models": _by_name,
    "depends_on": _by_name,
    "logging": _logging,
    "dns": _appended_values,
    "dns_opt": _appended_values,
    "dns_search": _appended_values,
    "env_file": _appended_values,
    "label_file": _appended_values,
    "tmpfs": _appended_values,
}
_TOP: dict[str, Merge] = {
    "services": _by({"*": service_over}),
    **dict.fromkeys(("networks", "volumes", "secrets", "configs"), _by({"*": _LABELLED})),
}

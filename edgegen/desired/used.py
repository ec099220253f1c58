"""Which of the middlewares that edgegen has for every route something uses: the others are not rendered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from edgegen.compose.model import Merged, Shared
from edgegen.kinds import Context, Parts
from edgegen.kinds.routing import edge_middlewares
from edgegen.traefik.labels import middleware_labels

_USES = ".middlewares"


def used_middlewares(context: Context, parts: Iterable[Parts], routed: Mapping[str, Any] | None = None) -> set[str]:
    """The names of those that a router of the parts or of `routed` names, or a text of the user's mentions."""
    parts, found = list(parts), set()
    for name in edge_middlewares(context):
        if any(name in names for names in _named(parts, routed or {})) or _is_mentioned(context, name):
            found.add(name)
    return found


def with_used(context: Context, parts: dict[str, Parts]) -> dict[str, Parts]:
    """The parts, whose services share the labels of what is used."""
    used = used_middlewares(context, parts.values())
    unused = {
        label
        for name, middleware in edge_middlewares(context).items()
        if name not in used
        for label in middleware_labels(name, middleware)
    }
    return {key: _without(part, unused) for key, part in parts.items()} if unused else parts


def shared_labels(parts: Iterable[Parts]) -> tuple[Shared, ...]:
    """What the services of the parts share."""
    merged = (part.service.labels for part in parts if part.service is not None)
    return next((item.shared for item in merged if isinstance(item, Merged) and item.shared), ())


def _without(part: Parts, unused: set[str]) -> Parts:
    if part.service is None or not isinstance(part.service.labels, Merged):
        return part
    shared = tuple(
        replace(item, value={key: value for key, value in item.value.items() if key not in unused})
        for item in part.service.labels.shared
    )
    return replace(part, service=replace(part.service, labels=replace(part.service.labels, shared=shared)))


def _named(parts: Iterable[Parts], routed: Mapping[str, Any]) -> Iterator[list[str]]:
    """The middlewares of each router."""
    for part in parts:
        labels = part.service.labels if part.service is not None else None
        own = labels.own if isinstance(labels, Merged) else labels if isinstance(labels, Mapping) else {}
        for key, value in own.items():
            if key.endswith(_USES):
                yield [name.strip().partition("@")[0] for name in str(value).split(",")]
    for router in routed.get("http", {}).get("routers", {}).values():
        yield [name.partition("@")[0] for name in router.get("middlewares", ())]


def _is_mentioned(context: Context, name: str) -> bool:
    """Whether something that edgegen only passes through has the name in it: nobody can know what it means there."""
    spec = context.spec
    texts = [spec.extra, spec.edge.extra]
    for service in spec.services.values():
        texts += [service.extra, dict(service.labels_by_hand)]
    return any(name in text for text in context.mentions) or any(name in repr(text) for text in texts if text)

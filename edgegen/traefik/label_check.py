"""A tree of labels against the types that Traefik reads it into.

Source: paerser 0.2, parser/nodes_metadata.go and element_fill.go; traefik 3.7, pkg/provider/docker/config.go.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from edgegen.core.show import shown
from edgegen.core.suggest import suggest
from edgegen.traefik.go_values import FALSE
from edgegen.traefik.grammar.type import Type
from edgegen.traefik.grammar.values import value_fault
from edgegen.traefik.label_fault import Effect, Fault
from edgegen.traefik.label_tree import Node

Faults = Iterator[Fault]


def unknown_word(word: str) -> str:
    """The sentence for it."""
    return f"the word `{shown(word)}` is unknown there"


def below_struct(node: Node, kind: Type, *, off: bool = False) -> Faults:
    """The words below a struct. `off`: they are checked, and none of their values is read."""
    for child in node.children:
        known = kind.word(child.name)
        if known is None:
            yield from _no_such_word(child, kind.fields)
        else:
            yield from _judged(child, known, off=off)


def _no_such_word(node: Node, known: Iterable[str]) -> Faults:
    near = suggest(node.name.strip(), known)
    for origin in node.origins:
        words = origin.label.split(".")
        meant = ".".join([*words[: origin.at], near, *words[origin.at + 1 :]]) if near else ""
        yield Fault(origin.label, Effect.DROPS, unknown_word(node.name), node.name, meant)


def _judged(node: Node, kind: Type, *, off: bool) -> Faults:
    value = node.value or ""
    for again in node.ends[:-1]:
        yield Fault(again, Effect.IGNORES, f"`{shown(node.ends[-1], 120)}` says it again, and counts", node.name)
    if kind.kind in ("struct", "mapping") and not node.children and not (kind.may_be_empty or kind.ignored):
        yield from _each_end(node, Effect.DROPS, f"`{node.name}` needs an option after it")
        return
    if kind.ignored:
        yield from _each(node, Effect.IGNORES, f"`{node.name}` can only be in a file", node.name)
    elif _takes_no_value(node, kind) and value.lower() not in ("", "true"):
        yield from _each_end(node, Effect.IGNORES, f"`{node.name}` doesn't take a value", value)
    elif kind.may_be_empty and value and value.lower() != "true":
        if not off and value not in FALSE:
            yield from _each_end(node, Effect.OFF, f"here only `true` is true, and `{shown(value)}` is not", value)
        if not off:
            yield from _switched_off(node, value)
        off = True
    off = off or kind.ignored
    if node.children:
        yield from _below(node, kind, off=off)
    if not off:
        yield from _value(node, kind)


def _takes_no_value(node: Node, kind: Type) -> bool:
    if kind.kind == "server":
        return bool(node.children)  # without them its value is another fault
    return kind.kind in ("struct", "mapping") and not kind.may_be_empty


def _switched_off(node: Node, value: str) -> Faults:
    for child in node.children:
        yield from _each(child, Effect.OFF, f"`{node.name}` itself is `{shown(value)}`", child.name)


def _below_mapping(node: Node, kind: Type, off: bool) -> Faults:
    item = kind.item
    assert item is not None  # noqa: S101  # a mapping has one
    for child in node.children:
        if item.kind == "struct":
            yield from below_struct(child, item, off=off)
            if not off and item.word("loadbalancer"):
                yield from _service(child, item)
            if not child.children or (child.value or "").lower() not in ("", "true"):
                yield from _each_end(
                    child, Effect.IGNORES, f"an option must follow the name `{child.name}`", child.name
                )
        elif item.dotted and child.children:
            yield from _each_end(
                child, Effect.IGNORES, f"another label goes on after `{child.name}`, and counts", child.name
            )
        elif item.kind != "raw" and child.children:
            effect = Effect.IGNORES if item.kind == "text" else Effect.DROPS
            yield from _each(child, effect, f"`{node.name}` takes one word more, not several", child.name)
        elif not off:
            yield from _value(child, item)


def _service(node: Node, kind: Type) -> Faults:
    """What only shows when Traefik adds the container's address to a service."""
    balancer = node.child("loadbalancer")
    if balancer is None:
        if any(kind.word(child.name) is None for child in node.children):
            return  # it was meant to have one
        yield from _each(node, Effect.DROPS, f"the service `{node.name}` has no `loadbalancer`", node.name)
        return
    server = balancer.child("server")
    if server and (url := server.child("url")) and url.value:
        for other in ("port", "scheme"):
            if (beside := server.child(other)) and beside.value:
                yield from _each_end(beside, Effect.DROPS, f"`{other}` can't be used with `url`, which includes it")


def _below_structs(node: Node, kind: Type, off: bool) -> Faults:
    for child in node.children:
        yield from below_struct(child, kind, off=off)
        if not child.children:
            yield from _each_end(
                child, Effect.IGNORES, f"`{node.name}` is a list: write `{node.name}[0].…`", child.name
            )


def _below_list(node: Node, off: bool) -> Faults:
    for child in node.children:
        for below in child.children:
            yield from _no_such_word(below, ())
        if not child.children and not off:
            yield from _each_end(
                child, Effect.IGNORES, f"the items of `{node.name}` stand in one value, with commas between them",
                child.name,
            )  # fmt: skip


def _below(node: Node, kind: Type, *, off: bool) -> Faults:
    if kind.kind in ("struct", "server"):
        yield from below_struct(node, kind, off=off)
    elif kind.kind == "mapping":
        yield from _below_mapping(node, kind, off)
    elif kind.kind == "structs":
        yield from _below_structs(node, kind, off)
    elif kind.kind == "list":
        yield from _below_list(node, off)
    elif kind.kind != "raw":
        for child in node.children:
            yield from _no_such_word(child, ())


def _value(node: Node, kind: Type) -> Faults:
    value = node.value or ""
    if why := value_fault(value, kind):
        ends = _each_end if node.value is not None else _each
        yield from ends(node, Effect.DROPS, why, value)
    elif kind.kind == "server" and not node.children:
        yield from _each_end(node, Effect.DROPS, f"`{node.name}` needs a word more: `{node.name}.port`")
    elif kind.kind == "structs" and not node.children:
        yield from _each_end(node, Effect.IGNORES, f"`{node.name}` is a list: write `{node.name}[0].…`", value)


def _each(node: Node, effect: Effect, why: str, word: str = "") -> Faults:
    """For every label through a node."""
    for origin in node.origins:
        yield Fault(origin.label, effect, why, word)


def _each_end(node: Node, effect: Effect, why: str, word: str = "") -> Faults:
    """For the label whose value counts."""
    for label in node.ends[-1:]:
        yield Fault(label, effect, why, word)

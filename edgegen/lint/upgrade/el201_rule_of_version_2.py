"""A rule in the syntax of Traefik 2.

What it does
    Reports each router's rule that Traefik 3 can't read, or reads differently: several arguments, `Headers`,
    `HostHeader`, `{name:regex}`, `Query(`a=b`)`. With `--fix` it is rewritten. Its priority stays: without a
    `priority` it is the length of the rule, so the old length is written down. A rule without a certain form in the
    new syntax keeps its old one, by `ruleSyntax: v2`.

Why
    Traefik 3 disables the router, or it matches other requests. A rewritten rule is longer, and would overtake
    another router that matches the same requests.

Example
    ``Host(`a.example.com`,`b.example.com`)``

Instead
    ``Host(`a.example.com`) || Host(`b.example.com`)`` and `priority=40`
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from edgegen.core.finding import Severity
from edgegen.core.show import shown
from edgegen.lint.edge import Defined
from edgegen.lint.edits import fix, insert_label, set_label, set_scalar
from edgegen.lint.router_rules import section_of
from edgegen.lint.rule import Edit, Fix, Found, Rule
from edgegen.lint.upgrade.options import sibling
from edgegen.lint.upgrade.way import Way
from edgegen.traefik.default_priority import default_priority
from edgegen.traefik.rule_syntax import Section, parse_rule
from edgegen.traefik.rule_upgrade import upgraded
from edgegen.traefik.rule_words import rule_fault

RULE = Rule("EL201", "rule-of-version-2", Severity.HIGH)


def check(way: Way) -> Iterator[Found]:
    """Rules of HTTP and TCP routers, where they are of version 2."""
    if not way.leaves_2:
        return
    for router in way.edge.of("routers"):
        section = section_of(router)
        value = router.value("rule")
        rule = router.text("rule") or (value.raw if value else "")
        if router.section == "udp" or not rule or router.text("rulesyntax") or rule in way.written:
            continue
        if not _is_affected(rule, section):
            continue
        if rule_fault(rule, "v2", section):
            continue  # it has no route with Traefik 2, either
        message = f"Traefik 3 reads the rule of `{shown(router.name)}` differently: `{shown(rule, 120)}`"
        way.written.add(upgraded(rule, section) or rule)
        yield Found(router.owner, message, router.place("rule"), _hint(rule, section), fix=_fix(router, section))


def _is_affected(rule: str, section: Section) -> bool:
    """Whether it means something else to Traefik 3, or nothing."""
    new = upgraded(rule, section)
    if new is None or rule_fault(rule, "v3", section):
        return True
    try:
        return parse_rule(rule, section) != parse_rule(new, section)
    except ValueError:
        return True


def _hint(rule: str, section: Section) -> str:
    new = upgraded(rule, section)
    if not new:
        return "keep `ruleSyntax: v2`"
    return f"write `{shown(new, 200)}`, and keep its priority of {default_priority(rule)}"


def _fix(router: Defined, section: Section) -> Fix | None:
    value = router.value("rule")
    if router.item is not None and value is not None:
        label = router.item.label("rule")
        new = upgraded(value.raw, section, dollar="$$")
        start = label[: -len("rule")]
        if new is None or not value.known:
            return fix("keep the rule in the syntax of version 2", insert_label(value, f"{start}rulesyntax", "v2"))
        return fix("rewrite the rule and keep its priority", set_label(value, label, new),
                   *_priority(router, value.text, new.replace("$$", "$"),
                              lambda text: insert_label(value, f"{start}priority", text)))  # fmt: skip
    rule, spot = router.text("rule"), router.place("rule")
    new = upgraded(rule, section)
    if new is None:
        return fix("keep the rule in the syntax of version 2", sibling(spot, "ruleSyntax", "v2"))
    return fix("rewrite the rule and keep its priority", set_scalar(spot, new),
               *_priority(router, rule, new, lambda text: sibling(spot, "priority", text)))  # fmt: skip


def _priority(router: Defined, old: str, new: str, insert: Callable[[str], Edit | None]) -> list[Edit | None]:
    """None is needed where the router has one, or the length stays."""
    if router.has("priority") or default_priority(old) == default_priority(new):
        return []
    return [insert(str(default_priority(old)))]

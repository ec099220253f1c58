"""A host that looks like another one: what is caught, and what is not."""

from __future__ import annotations

import pytest

from edgegen.lint.rules import el109_lookalike_host as rule
from tests.lint.support import found, project
from tests.lint.table import differences, stack

RULE = "traefik.http.routers.web.rule="
CYRILLIC_C = "\u0441"

CAUGHT = [
    (
        stack(f"{RULE}Host(`xn--hat-3ed.example.com`)"),
        [
            f"5 low `xn--hat-3ed.example.com` in the rule of `web` has the Cyrillic letter `{CYRILLIC_C}` among Latin "
            f"ones in `{CYRILLIC_C}hat`"
        ],
    ),
    (
        stack(f"{RULE}Host(`a.example.com`) || Host(`xn--80ak6aa92e.com`)"),
        ["5 low `xn--80ak6aa92e.com` in the rule of `web` is `apple` in look-alike Cyrillic letters"],
    ),
    (
        stack("traefik.tcp.routers.web.rule=HostSNI(`xn--hat-3ed.example.com`)", "traefik.tcp.routers.web.tls=true"),
        [
            f"5 low `xn--hat-3ed.example.com` in the rule of `web` has the Cyrillic letter `{CYRILLIC_C}` among Latin "
            f"ones in `{CYRILLIC_C}hat`"
        ],
    ),
]
PASSED = [
    stack(f"{RULE}Host(`chat.example.com`)"),
    stack(f"{RULE}Host(`xn--bcher-kva.example.com`)"),
    stack(f"{RULE}Host(`xn--80a1acny.example.com`)"),
    stack(f"{RULE}Host(`xn--wgv71a.example.com`)"),
    stack(f"{RULE}Host(`{CYRILLIC_C}hat.example.com`)"),  # Traefik refuses it: EL018
    stack(f"{RULE}HostRegexp(`^xn--hat-3ed`)"),
]


@pytest.mark.parametrize(("compose", "messages"), CAUGHT)
def test_it_is_found(compose: str, messages: list[str]) -> None:
    assert found(project(compose), "EL109") == messages


@pytest.mark.parametrize("compose", PASSED)
def test_it_is_not_found(compose: str) -> None:
    assert found(project(compose), "EL109") == []


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "lookalike", lambda _: "")
    assert differences("EL109", CAUGHT, PASSED)


def test_what_traefik_refuses_for_its_letters_names_the_odd_one() -> None:
    said = found(project(stack(f"{RULE}Host(`{CYRILLIC_C}hat.example.com`)")), "EL018")
    assert [text.partition(": ")[2] for text in said] == [
        f"the host `{CYRILLIC_C}hat.example.com` has the Cyrillic letter `{CYRILLIC_C}` among Latin ones in "
        f"`{CYRILLIC_C}hat`"
    ]

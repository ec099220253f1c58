"""A name more or less in edge.yaml: exactly one place of the text changes."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from edgegen.spec.list_item import with_item, without_item

KEYS = ("services", "hub", "users")
BLOCK = """\
# the edge
name: a
services:
  hub:
    kind: registry   # private
    users:           # who may push
      - ci           # the robot

      # people
      - "bob"
    host: r.example.com
  web: {image: "nginx:1"}   # last
"""
FLOW = "name: ä😀\nservices: {hub: {users: [ci, bob], host: r.example.com}}  # ü\n"


def added(text: str, item: str = "eve") -> str | None:
    found = with_item(text.encode(), "edge.yaml", KEYS, item)
    return found.decode() if found is not None else None


def removed(text: str, item: str) -> str | None:
    found = without_item(text.encode(), "edge.yaml", KEYS, item)
    return found.decode() if found is not None else None


def test_a_line_more() -> None:
    assert added(BLOCK) == BLOCK.replace('- "bob"\n', '- "bob"\n      - eve\n')


def test_a_line_less() -> None:
    assert removed(BLOCK, "bob") == BLOCK.replace('      - "bob"\n', "")
    assert removed(BLOCK, "ci") == BLOCK.replace("      - ci           # the robot\n", "")


def test_a_list_on_one_line() -> None:
    assert added(FLOW) == FLOW.replace("bob", "bob, eve")
    assert removed(FLOW, "bob") == FLOW.replace(", bob", "")
    assert removed(FLOW, "ci") == FLOW.replace("ci, ", "")
    assert added(FLOW.replace("ci, bob", "")) == FLOW.replace("ci, bob", "eve")


def test_a_list_that_is_not_there_yet() -> None:
    text = "services:\n  hub:\n    kind: registry\n    host: r.example.com  # x\n  web: {}\n"
    assert added(text) == text.replace("# x\n", "# x\n    users: [eve]\n")
    text = "services:\n  hub: {kind: registry, host: r.example.com}\n"
    assert added(text) == text.replace(".com}", ".com, users: [eve]}")


@pytest.mark.parametrize(
    "last",
    [
        "    environment:\n      A:\n        - b  # x\n",
        "    environment:\n      A: b\n      # C: d\n",
        "    command: |\n      run\n",
        "    command: >-\n      run\n      this\n",
        "    environment:\n      A:\n",
        "    volumes:\n    - source: a\n      target: /a\n",
    ],
)
def test_it_is_written_before_the_comment_about_the_next_service(last: str) -> None:
    text = f"services:\n  hub:\n    host: a\n{last}\n  # The site.\n  web:\n    image: x\n"
    block, comment, rest = last.partition("      # C")
    assert added(text) == text.replace(last, f"{block}    users: [eve]\n{comment}{rest}")


def test_it_is_written_behind_an_item_of_several_lines() -> None:
    text = "services:\n  hub:\n    users:\n    - a: b\n      c: d\n\n  # The site.\n  web: {}\n"
    assert added(text) == text.replace("c: d\n", "c: d\n    - eve\n")


def test_blank_lines_that_are_a_part_of_a_text_stay_in_it() -> None:
    text = "services:\n  hub:\n    command: |+\n      run\n\n  # The site.\n  web: {}\n"
    assert added(text) == text.replace("run\n\n", "run\n\n    users: [eve]\n")


def test_line_endings_and_a_missing_last_one_stay() -> None:
    windows = BLOCK.replace("\n", "\r\n")
    assert added(windows) == windows.replace('- "bob"\r\n', '- "bob"\r\n      - eve\r\n')
    open_end = "services:\n  hub:\n    users:\n    - ci"
    assert added(open_end) == f"{open_end}\n    - eve\n"


def test_a_name_that_yaml_would_take_for_something_else_is_quoted() -> None:
    for name in ("on", "null", "123", "1e3", "true"):
        text = added(BLOCK, name)
        assert text is not None
        assert f'- "{name}"\n' in text or f"- {name}\n" in text
        assert name in yaml.load(text, Loader=yaml.BaseLoader)["services"]["hub"]["users"]


def test_what_others_share_stays() -> None:
    shared = "x-ops: &ops [ci, bob]\nservices: {hub: {users: *ops}, b: {users: *ops}}\n"
    assert added(shared) is None
    assert removed(shared, "bob") is None
    merged = "x: &x {users: [ci]}\nservices:\n  hub:\n    <<: *x\n    host: a\n"
    assert added(merged) in (None, merged + "    users: [ci, eve]\n")


def test_the_last_name_stays() -> None:
    assert removed("services: {hub: {users: [ci]}}\n", "ci") is None


NAMES = st.lists(st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,8}", fullmatch=True), min_size=1, max_size=4, unique=True)


@given(NAMES, st.sampled_from(["block", "flow"]), st.booleans())
def test_there_and_back_again(names: list[str], style: str, comments: bool) -> None:
    *present, new = [f"n{name}" for name in names]
    quoted = [f'"{name}"' for name in present]
    comment = "  # why" if comments else ""
    if style == "flow":
        body = f"    users: [{', '.join(quoted)}]{comment}\n"
    else:
        body = "    users:\n" + "".join(f"    - {name}{comment}\n" for name in quoted) if quoted else ""
    text = f"services:\n  hub:\n    host: a\n{body}  web: {{image: x}}\n"
    more = added(text, new)
    assert more is not None
    assert yaml.load(more, Loader=yaml.BaseLoader)["services"]["hub"]["users"] == [*present, new]
    if present:
        assert removed(more, new) == text

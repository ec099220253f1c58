"""One key more in a person's file: the rest stays byte for byte where it can, and says the same everywhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgegen.core.errors import SpecError
from edgegen.spec.add_key import with_section
from edgegen.spec.source import read_yaml

OWNER = {"owner": "house-k3v9x2qa"}
EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*/edge.yaml"))


def added(text: str) -> str:
    return with_section(text.encode(), "edge.yaml", "dns", OWNER, "Whose.").decode()


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.parent.name)
def test_every_byte_of_an_example_stays(file: Path) -> None:
    text = "".join(
        line for line in file.read_text().splitlines(keepends=True) if not line.startswith(("dns:", "  owner"))
    )
    assert added(text) == f"{text}\n# Whose.\ndns:\n  owner: house-k3v9x2qa\n"


@pytest.mark.parametrize(
    "text",
    [
        "name: a\n# the last word",
        "name: a\r\ndomains: {}\r\n",
        "\ufeffname: a\n",
        "extra:\n  x: |+\n    kept\n\n",
        "---\nname: a\n",
        "name: 1.10\nx-b: 0o17\nx-c: &a [1, 2]\nx-d: *a\n",
    ],
)
def test_what_was_there_stays_in_front(text: str) -> None:
    whole = added(text)
    assert whole.startswith(text)
    assert read_yaml(whole.encode(), "edge.yaml").data["dns"] == OWNER


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("dns: {}   # by hand\nname: a   # b\n", ["# by hand", "# b"]),
        ("# top\n{name: a, domains: {}}\n", ["# top"]),
        ("name: 'a'  # x\n...\n", ["# x", "'a'"]),
    ],
)
def test_where_its_end_is_no_place_for_a_key_comments_stay(text: str, kept: list[str]) -> None:
    whole = added(text)
    before = {key: value for key, value in read_yaml(text.encode(), "edge.yaml").data.items() if key != "dns"}
    after = read_yaml(whole.encode(), "edge.yaml").data
    assert after.pop("dns") == OWNER
    assert after == before
    assert all(word in whole for word in kept)


@pytest.mark.parametrize("text", ["dns: 1\nname: a\n", "dns: [a]\nname: a\n"])
def test_a_section_that_is_none_is_replaced_or_refused_and_never_lost(text: str) -> None:
    assert read_yaml(added(text).encode(), "edge.yaml").data == {"dns": OWNER, "name": "a"}


def test_what_can_not_be_written_is_refused_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("edgegen.spec.add_key.first_that_reads", lambda *_: None)
    with pytest.raises(SpecError) as caught:
        added("name: a\n")
    assert "dns: {owner: house-k3v9x2qa}" in caught.value.problems[0].hint

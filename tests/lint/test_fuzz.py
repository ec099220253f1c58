"""A short run of what `make fuzz` does for ten minutes: mutated styles, and bytes of any kind."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.lint.fuzz import SEPARATOR, one, seeds
from tests.sizes import sized

PIECES = (
    *(
        text.encode()
        for text in ("\n", "  ", "- ", ": ", "&a ", "*a", "<<: ", "!reset ", "!override ", "${A:-", "}", "$")
    ),
    *(
        text.encode()
        for text in ("'", '"', "{", "[", "]", "services:\n", "labels:\n", "command: ", "extends: ", "null")
    ),
    *(text.encode() for text in ("include: ", "\t", "#", "---\n", "? ", "ä🚀", "\r\n", "|\n", ">-\n", "0x", "1e")),
    *(b"- a: b\n", b"traefik.http.", b"\xff", b"\x00"),
)


def mutated(rng: random.Random, text: bytes) -> bytes:
    """A text with a few changes."""
    for _ in range(rng.randint(1, 2)):
        at, until = sorted((rng.randint(0, len(text)), rng.randint(0, len(text))))
        match rng.randrange(4):
            case 0:
                text = text[:at] + rng.choice(PIECES) + text[at:]
            case 1:
                text = text[:at] + text[min(until, at + 8) :]
            case 2:
                text = text[:at] + text[at : at + 40] + text[at:]
            case _:
                text = text[:at] + bytes([rng.randrange(256)]) + text[at + 1 :]
    return text


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(sized(4, 40)))
def test_mutated_styles_are_read_or_refused(seed: int) -> None:
    rng = random.Random(seed)
    read = 0
    for text in seeds():
        read += one(mutated(rng, text)) is not None
        one(SEPARATOR.join([text, mutated(rng, rng.choice(seeds()))]))
    assert read > len(seeds()) / 8, "many mutations are still YAML"


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode("utf-8", "replace")))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    one(data)


def test_a_planted_fault_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("edgegen.lint.reader.mounts.fields", lambda text: text.split(":"))
    with pytest.raises(ValueError):
        one(b"services: {a: {image: x, volumes: ['a:b', '/c']}}")

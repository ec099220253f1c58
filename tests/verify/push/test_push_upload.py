"""How large the chunks of an upload are: what the registry asks for, between bounds of our own."""

from __future__ import annotations

from typing import Any

import pytest

from edgegen.verify.push.upload import Made, push_chunks

OURS = 256 * 1024
MOST = 16 * 1024 * 1024


class Registry:
    """Stands in the place of an exchange: it says how long chunks must be, and writes down what comes."""

    base = "https://r.example.com/v2/a"

    def __init__(self, least: str) -> None:
        self.least = least
        self.ranges: list[str] = []

    def heard_or_stopped(self) -> bool:
        return False

    def do(self, _step: object, method: str, _url: str, *, headers: Any = None, **_: object) -> Registry:
        if method == "PATCH":
            self.ranges.append(headers["Content-Range"])
        return self

    def header(self, name: str) -> str:
        return {"oci-chunk-min-length": self.least}.get(name, "")


@pytest.mark.parametrize(
    ("least", "size"),
    [
        ("", OURS),
        ("0", OURS),
        (str(OURS - 1), OURS),
        (str(OURS), OURS),
        (str(OURS + 1), OURS + 1),
        (str(MOST - 1), MOST - 1),
        (str(MOST), MOST),
        (str(MOST + 1), MOST),
        ("9" * 11, MOST),
        ("1" + "0" * 11, OURS),  # twelve digits are no length
        ("9" * 9_999, OURS),
        ("-300000", OURS),
        ("+300000", OURS),
        ("300000.0", OURS),
        (" 300000", OURS),
        ("\u0663\u0660\u0660\u0660\u0660\u0660", OURS),  # digits to Python, and to no registry
    ],
)
def test_a_chunk_is_as_long_as_the_registry_asks_within_bounds(least: str, size: int) -> None:
    registry = Registry(least)
    blob = push_chunks(registry, Made(), "seed")  # type: ignore[arg-type]
    assert registry.ranges == [f"{at * size}-{(at + 1) * size - 1}" for at in range(3)]
    assert blob.size == 3 * size

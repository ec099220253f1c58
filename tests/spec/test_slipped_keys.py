"""A key that was meant as one keeps its name, however it is written; what YAML made of a value loses it."""

from __future__ import annotations

import pytest

from edgegen.core.errors import SpecError
from edgegen.spec.load import load_text

HEAD = "name: a\nservices:\n  web: "


def said(service: str) -> str:
    with pytest.raises(SpecError) as caught:
        load_text(f"{HEAD}{service}\n".encode())
    return "\n".join(f"{item.path}: {item.message}" for item in caught.value.problems)


@pytest.mark.parametrize("key", ["prt:", "prt :", '"prt":', "'prt' :", "? prt\n    :"])
def test_a_key_without_a_value_is_named(key: str) -> None:
    assert "services.web.prt: unknown key `prt`" in said(f"\n    image: w:1\n    {key}\n")


@pytest.mark.parametrize("pair", ["foo: b,hunter2", "foo:hunter2", "foo=hunter2", "foo hunter2: 1"])
def test_half_of_a_value_is_not(pair: str) -> None:
    assert "hunter2" not in said(f"{{image: w:1, prt: 1, {pair}}}")

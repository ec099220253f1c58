from __future__ import annotations

import pytest

from edgegen.core.location import path_text
from edgegen.core.show import shown


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (False, "false"),
        (80, "80"),
        ("bücher", "bücher"),
        ("a\nb", "a\\nb"),
        ("\x1b[2J", "\\x1b[2J"),
        ("a\u202eb", "a\\u202eb"),
        ("x" * 61, "x" * 60 + "…"),
        ("https://ci:canary@example.com/a@b", "https://***@example.com/a@b"),
        ("x http://a@b:c@d, ftp://e@f", "x http://***@d, ftp://***@f"),
        ("https://ci:" + "x" * 90 + "@example.com", "https://***@example.com"),
        ("https://example.com/a@b?c@d", "https://example.com/a@b?c@d"),
    ],
)
def test_a_value_inside_a_sentence(value: object, text: str) -> None:
    assert shown(value) == text


def test_a_path_is_on_one_line() -> None:
    assert path_text(("services", "web", "ports", 0)) == "services.web.ports[0]"
    assert path_text(("a\nb", 1, "c")) == "a\\nb[1].c"

"""What the tests of all kinds ask: these options give that configuration, and this mistake gets that sentence."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from edgegen.traefik.middlewares import TCP, parse_middleware


def gives(data: dict[str, Any], configuration: dict[str, Any]) -> None:
    """`data` is accepted, and the file provider gets exactly `configuration`, types included."""
    found = parse_middleware(data).dynamic()
    assert found == configuration
    assert repr(_sorted(found)) == repr(_sorted(configuration))  # 1 == True, and not to YAML


def refuses(data: dict[str, Any], sentence: str, *, tcp: bool = False) -> None:
    """`data` is refused once, with a message that holds `sentence`."""
    with pytest.raises(ValidationError) as caught:
        (TCP.parse if tcp else parse_middleware)(data)
    messages = [entry["msg"] for entry in caught.value.errors()]
    assert any(sentence in message for message in messages), messages


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(item) for item in value] if isinstance(value, list) else value

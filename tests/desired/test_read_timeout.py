"""How long a request may take to arrive, as Traefik gets it."""

from __future__ import annotations

import pytest

from edgegen.compose.model import plain
from edgegen.desired.build import build
from edgegen.spec.load import load_text

FLAG = "--entrypoints.websecure.transport.respondingtimeouts.readtimeout="
WEB = "services: {web: {image: 'nginx:1', port: 80, host: www.shop.test}"
HUB = ", hub: {kind: registry, host: r.shop.test, users: [ci]}"


@pytest.mark.parametrize(
    ("edge", "more", "expected"),
    [
        ("", "", []),
        ("edge: {http3: true}\n", "", []),
        ("edge: {read_timeout: 1h}\n", "", ["1h"]),
        ("edge: {read_timeout: 0s}\n", "", ["0s"]),
        ("edge: {read_timeout: 0}\n", "", ["0s"]),
        ("edge: {read_timeout: 600}\n", "", ["600s"]),
        ("", HUB, ["0"]),
        ("edge: {read_timeout: 1m}\n", HUB, ["0"]),
    ],
)
def test_the_flag(edge: str, more: str, expected: list[str]) -> None:
    spec = load_text(f"name: shop\n{edge}{WEB}{more}}}\n".encode()).spec
    flags = plain(build(spec).file.data())["services"]["traefik"]["command"]
    assert [flag.removeprefix(FLAG) for flag in flags if "readtimeout" in flag] == expected

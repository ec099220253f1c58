"""Random specs: each that is accepted renders to exactly what it says."""

from __future__ import annotations

import pytest

from tests.properties.conftest import EXAMPLES, KINDS, middlewares_of
from tests.properties.rendered import Rendered

pytestmark = [pytest.mark.slow, pytest.mark.lab]  # where the pool is made for others, too


def test_specs_that_are_right_are_accepted_and_come_out_as_they_say(pool: list[Rendered]) -> None:
    assert len(pool) >= EXAMPLES * 0.95


def test_the_pool_holds_every_kind_of_service_and_middleware(pool: list[Rendered]) -> None:
    kinds = {service.get("kind", "container") for item in pool for service in item.data.get("services", {}).values()}
    assert kinds == {"container", "registry", "registry-cache", "redirect", "external", "tcp"}
    assert len(middlewares_of(pool)) >= KINDS
    assert {mode for item in pool for path, mode in item.modes.items() if path.startswith("secrets/")} == {
        0o600, 0o444, 0o440, 0o400,
    }  # fmt: skip
    assert {key for item in pool for source in item.data.get("configs", {}).values() for key in source} == {
        "file", "content",
    }  # fmt: skip

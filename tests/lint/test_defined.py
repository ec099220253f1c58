"""Where an option of a router or middleware is shown: its own label, or the first label in the file."""

from __future__ import annotations

import pytest

from edgegen.lint.edge import edge_of
from tests.lint.support import project
from tests.lint.table import stack

ROUTER = stack(
    "other=1",
    "traefik.http.routers.w.rule=Host(`a.example.com`)",
    "traefik.http.routers.w.tls.options=modern@file",
    "traefik.http.routers.w.tls.domains[0].main=b.example.com",
    "traefik.http.routers.w.entrypoints=web",
)
"""By name `entrypoints` comes first, and `tls.domains` before `tls.options`."""


@pytest.mark.parametrize(
    ("option", "shown"),
    [
        ("rule", "Host("),
        ("entrypoints", "web\n"),
        ("tls", "modern@file"),
        ("tls.domains", "b.example.com"),
        ("middlewares", "Host("),
    ],
)
def test_an_option_is_shown_at_its_label_or_at_the_first_of_its_router(option: str, shown: str) -> None:
    (router,) = edge_of(project(ROUTER)).of("routers")
    spot = router.place(option)
    assert spot.file.text[spot.index :].startswith(shown)

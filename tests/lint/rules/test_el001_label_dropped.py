"""Labels that drop their container: what is caught, and what is not."""

from __future__ import annotations

import pytest

from tests.lint.support import found, project


@pytest.mark.parametrize(
    ("label", "message"),
    [
        (
            "traefik.http.routers.web.tls.certresolvers=le",
            "4 high `traefik.http.routers.web.tls.certresolvers`: the word `certresolvers` is unknown there, "
            "and Traefik drops the whole container for it",
        ),
        (
            "traefik.enable=yes",
            "4 high `traefik.enable`: `yes` is not `true` or `false`, and Traefik drops the whole container for it",
        ),
    ],
)
def test_it_is_found(label: str, message: str) -> None:
    compose = f"services:\n  web:\n    labels:\n      - {label}\n"
    assert found(project(compose), "EL001") == [message]


@pytest.mark.parametrize(
    "label", ["traefik.http.routers.web.tls.certresolver=le", "traefik.enable=${ON}", "com.example.traefik.nonsense=1"]
)
def test_it_is_not_found(label: str) -> None:
    compose = f"services:\n  web:\n    labels:\n      - {label}\n"
    assert found(project(compose), "EL001") == []

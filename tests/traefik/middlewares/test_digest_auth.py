"""`digest-auth`."""

from __future__ import annotations

from typing import Any

import pytest

from edgegen.traefik.middlewares import parse_middleware
from tests.traefik.middlewares.checks import gives, refuses

KIND = "digest-auth"
LINE = "ci:traefik:a2688e031edb4be6a3797f3882655c05"


def test_gives_traefiks_options() -> None:
    gives(
        {"kind": KIND, "users": [LINE], "remove_header": True}, {"digestAuth": {"users": [LINE], "removeHeader": True}}
    )
    gives({"kind": KIND, "users_file": "/run/users"}, {"digestAuth": {"usersFile": "/run/users"}})


@pytest.mark.parametrize(
    "line", ["ci", "ci:traefik:short", "ci:a2688e031edb4be6a3797f3882655c05", "ci:r:A2688E031EDB4BE6A3797F3882655C05\n"]
)
def test_refuses_what_traefik_would_take_for_nobody(line: str) -> None:
    refuses({"kind": KIND, "users": [line]}, "a user is a line `NAME:")


@pytest.mark.parametrize(
    "options",
    [{}, {"users": [LINE], "users_file": "/run/users"}, {"users_file": "/x", "users_secret": "y"}],
)
def test_needs_users_from_exactly_one_place(options: dict[str, Any]) -> None:
    refuses({"kind": KIND, **options}, "set exactly one of")


def test_users_of_a_secret_have_no_options_before_the_secret_has_a_path() -> None:
    middleware = parse_middleware({"kind": KIND, "users_secret": "office"})
    with pytest.raises(ValueError, match="the users are in the secret `office`"):
        middleware.options()

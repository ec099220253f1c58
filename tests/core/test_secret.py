"""A `Secret` shows nothing, whatever is done with it."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable

import pytest

from edgegen.core.secret import Secret, SecretRef

VALUE = "hunter2-Canary"


@pytest.mark.parametrize(
    ("show", "expected"),
    [
        (str, "***"),
        (repr, "Secret(***)"),
        (lambda secret: f"{secret}", "***"),
        (lambda secret: f"{secret!r}", "Secret(***)"),
        (lambda secret: f"{secret:>6}", "   ***"),
        (lambda secret: "".join(map(str, [secret])), "***"),
        (lambda secret: str([secret]), "[Secret(***)]"),
        (lambda secret: str({"password": secret}), "{'password': Secret(***)}"),
    ],
)
def test_no_way_of_showing_it_shows_the_value(show: Callable[[Secret], str], expected: str) -> None:
    assert show(Secret(VALUE)) == expected


def test_only_reveal_gives_the_value() -> None:
    secret = Secret(VALUE)
    assert secret.reveal() == VALUE
    assert not hasattr(secret, "__dict__")


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("wrap", [lambda secret: secret, lambda secret: [secret], lambda secret: {"key": secret}])
def test_it_is_not_pickled(protocol: int, wrap: Callable[[Secret], object]) -> None:
    with pytest.raises(TypeError, match=r"^a Secret can't be pickled: it would leave this process$") as refused:
        pickle.dumps(wrap(Secret(VALUE)), protocol)
    assert VALUE not in str(refused.value)


@pytest.mark.parametrize("taken", [copy.copy, copy.deepcopy])
def test_it_is_not_copied_by_the_way_of_pickle(taken: Callable[[Secret], object]) -> None:
    with pytest.raises(TypeError, match="can't be pickled"):
        taken(Secret(VALUE))


def test_equal_values_are_equal_secrets() -> None:
    assert Secret(VALUE) == Secret(VALUE)
    assert Secret(VALUE) != Secret(VALUE + "x")
    assert (Secret(VALUE) == VALUE) is False
    assert len({Secret(VALUE), Secret(VALUE), Secret("other")}) == 2
    assert hash(Secret(VALUE)) != hash(Secret("other"))
    assert hash(Secret(VALUE)) != hash(VALUE)


def test_a_reference_shows_its_name() -> None:
    assert str(SecretRef("db_password")) == "secret:db_password"

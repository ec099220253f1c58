"""Where names that only point elsewhere lead."""

from __future__ import annotations

from typing import Any

import pytest

from edgegen.endpoints import Endpoint, Goal, Kind
from edgegen.verify.checks.redirect_target import CHECK
from edgegen.verify.observation import Response, Trouble
from tests.verify.checks.making import (
    HOST,
    OTHER_ADDRESS,
    UNREACHED,
    address_seen,
    broken,
    endpoint,
    judged,
    observation,
    redirect,
    response,
    traefik_404,
    verdicts,
    words,
)

NEW = "https://new.example"
KEPT, DROPPED = Goal(NEW), Goal(NEW, keep_path=False)
FOR_NOW, EITHER = Goal(NEW, permanent=False), Goal(NEW, permanent=None)


def old(goal: Goal | None = KEPT, **changes: Any) -> Endpoint:
    return endpoint(kind=Kind.REDIRECT, goal=goal, **changes)


def asked(path: str, location: str, status: int = 301) -> Response:
    return redirect(f"https://{HOST}{path}", location, status)


CAUGHT = [
    (KEPT, asked("/", "https://other.example/"), ["target-wrong"]),
    (KEPT, asked("/", "http://new.example/"), ["target-wrong"]),
    (KEPT, asked("/", "https://new.example:8443/"), ["target-wrong"]),
    (KEPT, asked("/a", "https://new.example/"), ["target-wrong"]),
    (KEPT, asked("/a", "https://new.example/b"), ["target-wrong"]),
    (KEPT, asked("/a?b=c", "https://new.example/a"), ["target-wrong"]),
    (Goal(f"{NEW}/x"), asked("/a", "https://new.example/a"), ["target-wrong"]),
    (DROPPED, asked("/a", "https://new.example/a"), ["target-wrong"]),
    (KEPT, asked("/", ""), ["target-wrong"]),
    (KEPT, asked("/", "javascript:alert(1)"), ["target-wrong"]),
    (KEPT, response(), ["target-wrong"]),
    (KEPT, response(status=404), ["target-wrong"]),
    (KEPT, asked("/", NEW, 302), ["target-temporary"]),
    (KEPT, asked("/", NEW, 307), ["target-temporary"]),
    (FOR_NOW, asked("/", NEW, 301), ["target-permanent"]),
    (FOR_NOW, asked("/", NEW, 308), ["target-permanent"]),
    (KEPT, asked("/", "https://other.example/", 302), ["target-wrong", "target-temporary"]),
]
FINE = [
    (KEPT, asked("/", NEW)),
    (KEPT, asked("/", f"{NEW}/")),
    (KEPT, asked("/", f"{NEW}:443/")),
    (KEPT, asked("/a", f"{NEW}/a")),
    (KEPT, asked("/a", f"{NEW}/a/")),
    (KEPT, asked("/a?b=c", f"{NEW}/a?b=c", 308)),
    (Goal(f"{NEW}/x/"), asked("/a", f"{NEW}/x/a")),
    (Goal("https://NEW.example"), asked("/", NEW)),
    (DROPPED, asked("/a", NEW)),
    (Goal(f"{NEW}/x?y=z", keep_path=False), asked("/a", f"{NEW}/x?y=z")),
    (Goal(f"{NEW}/x?y=z"), asked("/a?b=c", f"{NEW}/x/a?y=z&b=c")),
    (Goal(f"{NEW}?y=z"), asked("/a", f"{NEW}/a?y=z")),
    (FOR_NOW, asked("/", NEW, 302)),
    (FOR_NOW, asked("/", NEW, 307)),
    (EITHER, asked("/", NEW, 301)),
    (EITHER, asked("/", NEW, 302)),
    (Goal(f"https://{HOST}/x", keep_path=False), asked("/", "/x")),
]


@pytest.mark.parametrize("location", [f"{NEW}/x/a?b=c", f"{NEW}/x/a?y=z", f"{NEW}/x?y=z&b=c"])
def test_a_query_that_is_lost_is_caught(location: str) -> None:
    seen = observation(endpoint=old(Goal(f"{NEW}/x?y=z")), answers=(asked("/a?b=c", location),))
    assert words(CHECK, seen) == ["target-wrong"]


@pytest.mark.parametrize(("goal", "answer", "expected"), CAUGHT)
def test_caught(goal: Goal, answer: Response, expected: list[str]) -> None:
    severities = {"target-wrong": "high"}
    seen = observation(endpoint=old(goal), answers=(answer,))
    assert verdicts(CHECK, seen) == [(word, severities.get(word, "low")) for word in expected]


@pytest.mark.parametrize(("goal", "answer"), FINE)
def test_fine(goal: Goal, answer: Response) -> None:
    assert words(CHECK, observation(endpoint=old(goal), answers=(answer,))) == ["ok"]


@pytest.mark.parametrize("seen", UNREACHED.values(), ids=UNREACHED)
def test_not_seen(seen: Any) -> None:
    as_redirect = type(seen)(old(), addresses=seen.addresses, incomplete=seen.incomplete)
    assert words(CHECK, as_redirect) == ["not-seen"]


@pytest.mark.parametrize("answer", [broken(Trouble.TIMEOUT), traefik_404(), response(status=502), response(status=500)])
def test_the_cause_is_another(answer: Response) -> None:
    assert words(CHECK, observation(endpoint=old(), answers=(answer,))) == ["not-seen"]


def test_who_is_judged() -> None:
    assert words(CHECK, observation()) == []
    assert words(CHECK, observation(endpoint=old(None))) == []
    assert words(CHECK, observation(endpoint=endpoint(goal=KEPT))) == []


def test_only_the_first_answer_counts() -> None:
    way = (asked("/", f"https://{HOST}/x"), asked("/x", NEW))
    assert words(CHECK, observation(endpoint=old(), answers=way)) == ["target-wrong"]


def test_it_says_where_it_should_lead() -> None:
    (finding,) = judged(CHECK, observation(endpoint=old(), answers=(asked("/a?b=c", "https://x.example/"),)))
    assert finding.message == "the redirect leads to https://x.example/ instead of https://new.example/a?b=c"
    (finding,) = judged(CHECK, observation(endpoint=old(), answers=(response(),)))
    assert finding.message == "the host answers 200 and does not redirect to https://new.example/"
    six = old(Goal("https://[2001:db8::1]:8443/a"))
    (finding,) = judged(CHECK, observation(endpoint=six, answers=(response(),)))
    assert finding.message.endswith("to https://[2001:db8::1]:8443/a/")
    (finding,) = judged(CHECK, observation(endpoint=old(Goal("nonsense")), answers=(response(),)))
    assert finding.message.endswith("to nonsense")


def test_one_address_of_two() -> None:
    good = address_seen(answers=(asked("/", NEW),))
    bad = address_seen(OTHER_ADDRESS, answers=(asked("/", "https://x.example/"),))
    (finding,) = judged(CHECK, observation(good, bad, endpoint=old()))
    assert finding.message.endswith(f"(at {OTHER_ADDRESS}, 1 of 2 addresses)")

"""Where a redirect of the spec leads.

What it does
    For a service of kind `redirect` and for aliases: compares the first answer over https with what the spec wants: the
    URL, whether the path is kept, and whether it is permanent.

Why
    An alias that leads to the wrong place, or drops the path, breaks links that others have published.

Example
    `to: https://www.example.com` with `keep_path: true`, but `/a` is redirected to `https://www.example.com/`.

Instead
    Run `edgegen up`, which also renders. Another router may have taken the host: `edgegen explain https://HOST`.

Verdicts
    target-wrong: it leads somewhere else, or nowhere.
    target-temporary: the spec says `permanent: true`, but the answer is 302, 303 or 307. A remark.
    target-permanent: the spec says `permanent: false`, but the answer is 301 or 308, which browsers keep forever. A
        remark.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from edgegen.core.finding import Severity
from edgegen.endpoints import Goal, Kind
from edgegen.verify.checks.check import Check, Context, Fault, Good, Hop, Judgement, Unseen, Verdict
from edgegen.verify.checks.destinations import (
    PERMANENT,
    TEMPORARY,
    Unusable,
    destination,
    is_redirect,
    leads_to,
    quoted,
    url_of,
    wanted,
)
from edgegen.verify.checks.reached import answers, by_part
from edgegen.verify.checks.traefik import is_own_404
from edgegen.verify.observation import Observation, Response, in_words

TARGET_WRONG = Verdict("target-wrong", Severity.HIGH)
TARGET_TEMPORARY = Verdict("target-temporary", Severity.LOW)
TARGET_PERMANENT = Verdict("target-permanent", Severity.LOW)

_RENDER = "`edgegen up` renders and starts it; if it stays, another router has this host: `edgegen explain URL`"


def judge(seen: Observation, _: Context) -> Iterator[Judgement]:
    """The first answer of every address, for names that only point elsewhere."""
    goal = seen.endpoint.goal
    if seen.endpoint.kind is Kind.REDIRECT and goal is not None:
        yield from by_part(seen, answers, lambda _, found: _judged(found[0], goal))


def _judged(answer: Response, goal: Goal) -> Sequence[Judgement]:
    if answer.failure:
        return [Unseen(f"there was no complete answer ({in_words(answer.failure)})")]
    if is_own_404(answer) or answer.status >= 500:
        return [Unseen(f"the edge answers {answer.status}")]
    good = Good(f"{answer.status} to {quoted(answer.header('location'))}")
    return [*_where(answer, goal), *_how_long(answer, goal)] or [good]


def _where(answer: Response, goal: Goal) -> Iterator[Fault]:
    asked = urlsplit(answer.url)
    right = wanted(goal, asked.path, asked.query)
    should = quoted(url_of(right)) if right else quoted(goal.url)
    if not is_redirect(answer):
        yield Fault(TARGET_WRONG, f"the host answers {answer.status} and does not redirect to {should}", _RENDER)
        return
    found = destination(answer)
    if isinstance(found, Unusable):
        yield Fault(TARGET_WRONG, f"{found.why}, and should lead to {should}", _RENDER)
    elif not leads_to(found, goal, asked.path, asked.query):
        leads = f"the redirect leads to {quoted(answer.header('location'))}"
        yield Fault(TARGET_WRONG, f"{leads} instead of {should}", _RENDER)


def _how_long(answer: Response, goal: Goal) -> Iterator[Fault]:
    got = f"the host answers {answer.status}, and the spec wants"
    if goal.permanent is True and answer.status in TEMPORARY:
        yield Fault(TARGET_TEMPORARY, f"{got} 301: `permanent: true`", _RENDER)
    if goal.permanent is False and answer.status in PERMANENT:
        yield Fault(TARGET_PERMANENT, f"{got} 302: `permanent: false`", _RENDER)


CHECK = Check("EV017", "redirect-target", Hop.ROUTER, (TARGET_WRONG, TARGET_TEMPORARY, TARGET_PERMANENT), judge)

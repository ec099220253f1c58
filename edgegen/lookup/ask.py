"""Queries to one server, to many at once, or to the first of several equal resolvers that can answer."""

from __future__ import annotations

from collections.abc import Sequence

from edgegen.core.errors import OutsideError
from edgegen.lookup.model import TIMEOUT, Question, Reply, Server, Status
from edgegen.net.deadline import Deadline
from edgegen.system.os_errors import cause


def ask_all(questions: Sequence[Question], *, timeout: float = TIMEOUT) -> list[Reply]:
    """The replies to questions asked at the same time, in their order. Network failures never raise.

    `timeout` covers everything, including TCP where an answer is too long for UDP.
    """
    from edgegen.lookup.exchange import Exchange

    try:
        with Exchange(questions, timeout) as exchange:
            exchange.run()
            return [exchange.replies[index] for index in range(len(questions))]
    except OSError as error:  # too many open files, even to wait for an answer
        detail = cause(error)
        return [Reply(question.server, Status.LOCAL, detail=detail) for question in questions]


def ask(
    server: Server, name: str, kind: str, *, authority: bool = False, timeout: float = TIMEOUT, chaos: bool = False
) -> Reply:
    """One question to one server. Network failures never raise.

    `authority`: the server must answer authoritatively, and recursion is not requested.
    """
    return ask_all([Question(server, name, kind, authority=authority, chaos=chaos)], timeout=timeout)[0]


def ask_any(servers: Sequence[Server], name: str, kind: str, *, timeout: float = TIMEOUT) -> Reply:
    """The answer of the first of several equal resolvers that has one. Raises OutsideError without any resolver."""
    if not servers:
        raise OutsideError("there is no resolver to ask", hint="name one: --resolver IP:PORT")
    return ask_through(servers, [(name, kind)], timeout=timeout)[0]


def ask_through(
    servers: Sequence[Server],
    wanted: Sequence[tuple[str, str]],
    *,
    timeout: float = TIMEOUT,
    deadline: Deadline | None = None,
    unchecked: bool = False,
    silent: set[Server] | None = None,
) -> list[Reply]:
    """For each (name, type) the reply of the first of several equal resolvers that has one; all in parallel.

    `timeout` is for each server, `deadline` for all. Servers in `silent` are asked last, and servers that turn out to
    be silent are added to it. If none can answer, a refusal is preferred to a time-out.
    """
    replies = [_unasked(servers)] * len(wanted)
    quiet: set[Server] = set() if silent is None else silent
    for server in sorted(servers, key=lambda one: one in quiet):
        asked = [index for index, reply in enumerate(replies) if not reply.status.tells]
        seconds = timeout if deadline is None else min(timeout, deadline.left)
        if not asked or not seconds:
            break
        questions = [Question(server, *wanted[index], unchecked=unchecked) for index in asked]
        told = ask_all(questions, timeout=seconds)
        if all(reply.status.silent for reply in told):
            quiet.add(server)
        for index, reply in zip(asked, told, strict=True):
            if replies[index].status.silent or not reply.status.silent:
                replies[index] = reply
    return replies


def _unasked(servers: Sequence[Server]) -> Reply:
    if not servers:
        return Reply(Server(""), Status.LOCAL, detail="there is no resolver to ask")
    return Reply(servers[0], Status.TIMEOUT, detail="no time was left to ask")

"""Hosts that redirect to each other: each redirect is good by itself, and a browser never arrives. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace

from edgegen.endpoints import Kind
from edgegen.verify.checks.destinations import Destination, destination, is_redirect, parse, url_of
from edgegen.verify.observation import Observation, Response


def with_circles(observations: Iterable[Observation]) -> tuple[Observation, ...]:
    """The observations, with `circle` where the redirects of a host lead over others of the run back to where it began.

    Names that the spec redirects are followed while the host is looked at, and do not count here.
    """
    seen = tuple(observations)
    leads = _leads(item for item in seen if item.endpoint.kind is not Kind.REDIRECT)
    return tuple(replace(item, circle=way) if (way := _circle(item, leads)) else item for item in seen)


def _leads(observations: Iterable[Observation]) -> dict[str, str]:
    """URL that was asked -> the URL on another host at which its redirects ended; where all addresses say the same."""
    found: dict[str, set[str]] = {}
    for item in observations:
        for address in item.addresses:
            if address.answers:
                found.setdefault(_spelled(address.answers[0].url), set()).add(_end(address.answers))
    return {url: goal for url, goals in found.items() if len(goals) == 1 and (goal := next(iter(goals)))}


def _end(answers: Sequence[Response]) -> str:
    """Where a browser goes on, or "". With cookies it may get another answer when it comes back."""
    last = answers[-1]
    if last.failure or not is_redirect(last) or any(answer.header("set-cookie") for answer in answers):
        return ""
    goal = destination(last)
    return url_of(goal) if isinstance(goal, Destination) else ""


def _circle(item: Observation, leads: Mapping[str, str]) -> tuple[str, ...]:
    """The URLs of the way back to the first one, or ()."""
    first = next((_spelled(address.answers[0].url) for address in item.addresses if address.answers), "")
    way = [first]
    while (url := leads.get(way[-1], "")) and url not in way:
        way.append(url)
    return (*way, first) if url == first and len(way) > 1 else ()


def _spelled(url: str) -> str:
    place = parse(url)
    return url_of(place) if isinstance(place, Destination) else url

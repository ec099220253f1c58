"""`explain URL`: trace one request, link by link, with what the spec and the engine know about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from edgegen.core.finding import Finding
from edgegen.core.secret import Credentials, Secret
from edgegen.explain.subject import Subject
from edgegen.project.verify import Ways, verify
from edgegen.target_names import DEFAULT
from edgegen.verify.diagnosis import Link, State, first_broken, is_good, outside_links
from edgegen.verify.settings import Settings

if TYPE_CHECKING:
    from edgegen.deploy.runner import Executor
    from edgegen.explain.insight import Insight
    from edgegen.explain.reason import Reason
    from edgegen.spec.load import LoadedSpec
    from edgegen.verify.look.traefik_api import Door, TraefikSeen

DASHBOARD_VARIABLES = ("EDGEGEN_DASHBOARD_USER", "EDGEGEN_DASHBOARD_PASSWORD")


class Ears(Struct, frozen=True):
    """How the inside is asked: the engine, on which host, and Traefik's API, if its place is known."""

    runner: Executor
    remote: str = ""
    door: Door | None = None


class Explained(Struct, frozen=True):
    """All links. `good`: True, False, or None for "could not be checked"."""

    subject: Subject
    links: tuple[Link, ...]
    findings: tuple[Finding, ...]
    notes: tuple[str, ...] = ()
    incomplete: bool = False

    @property
    def good(self) -> bool | None:
        return is_good(self.links)

    @property
    def first(self) -> Link | None:
        return first_broken(self.links)


def door_of(url: str, loaded: LoadedSpec | None, environ: Mapping[str, str]) -> Door | None:
    """Where Traefik's API is asked: at `url`, else behind the dashboard's own host, where the spec has one and its
    user is in the environment. None: not known. The password of a dashboard is only sent to its own host.

    Raises UsageError for an invalid URL.
    """
    from edgegen.verify.look.traefik_api import Door

    who = _dashboard_user(environ)
    dashboard = loaded.spec.edge.dashboard if loaded else None
    if url:
        named = Door.parse(url)
        return replace(named, credentials=who) if dashboard is None or named.host == dashboard.host else named
    if loaded is None or dashboard is None or who is None:
        return None
    return Door("https", str(dashboard.host), loaded.spec.edge.ports.websecure, credentials=who)


def _dashboard_user(environ: Mapping[str, str]) -> Credentials | None:
    user, password = (environ.get(name, "") for name in DASHBOARD_VARIABLES)
    return Credentials(user, Secret(password), "the environment") if user and password else None


def explain(subject: Subject, settings: Settings, ways: Ways, ears: Ears) -> Explained:
    """Trace the request: the outside as `verify` looks at it and judges it, the inside with the engine and the API.

    Raises LocalIOError for a file of authorities that can't be read, OutsideError for a detour to a name without an
    address. What can't be seen is a link that was not seen.
    """
    seen = verify([subject.endpoint], settings, ways)
    links = outside_links(seen.observations[0], seen.findings)
    if seen.incomplete:
        return Explained(subject, links, seen.findings, subject.notes, incomplete=True)
    from edgegen.explain.container import asked_and_broken, behind_broken
    from edgegen.explain.reason import joined
    from edgegen.explain.routers import with_router

    endpoint, wanted = subject.endpoint, subject.wanted
    inside, api = _inside(subject, ears), _api(subject, settings, ears)
    last = inside.last_link(wanted, links, wanted.where if wanted else endpoint.place())
    if last.state is State.BROKEN:
        by_url = wanted is not None and wanted.is_asked_by_url
        links = tuple(asked_and_broken(links) if by_url else behind_broken(links, last, inside.dropped))
    links = joined((*links, last), _reasons(subject, inside, api))
    if api and not api.trouble:
        links = tuple(with_router(link, api) for link in links)
    trouble = (
        (f"Traefik's API at {ears.door.shown} was not seen: {api.trouble}",)
        if api and ears.door and api.trouble
        else ()
    )
    return Explained(subject, links, seen.findings, (*subject.notes, *trouble))


def _inside(subject: Subject, ears: Ears) -> Insight:
    from edgegen.project.sights import Asked, sight_of

    target = subject.loaded.spec.target if subject.loaded else DEFAULT
    return sight_of(target, Asked(ears.runner, ears.remote)).look_inside(subject.endpoint.host, subject.wanted)


def _api(subject: Subject, settings: Settings, ears: Ears) -> TraefikSeen | None:
    if ears.door is None:
        return None
    from edgegen.verify.look.traefik_api import look_at_api
    from edgegen.verify.look.trust import Trust

    section = "http" if subject.endpoint.speaks_http else "tcp"
    return look_at_api(ears.door, subject.endpoint.host, settings, Trust.load(settings.ca_file), section=section)


def _reasons(subject: Subject, inside: Insight, api: TraefikSeen | None) -> Iterator[Reason]:
    from edgegen.explain.routers import api_reasons

    endpoint, wanted = subject.endpoint, subject.wanted
    found = [*inside.reasons(endpoint, wanted)]
    if api is not None and not api.trouble:
        found += api_reasons(api, endpoint, wanted)
    return (replace(reason, hint=inside.worded(reason.hint)) for reason in found)

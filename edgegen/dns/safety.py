"""What a plan must not do, whatever was requested. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from edgegen.core.errors import Problem, RefusedError
from edgegen.dns.jobs import PlannedZone
from edgegen.dns.plan import APEX_TYPES, Action, Change, ZonePlan
from edgegen.records import RecordType

FREE_DELETES = 10
"""This many deletions are allowed without confirmation, …"""
FREE_SHARE = 0.3
"""… and more if they are at most this share of the owned records."""


def refuse_unsafe(
    plans: Sequence[ZonePlan],
    *,
    allow_deletes: int | None = None,
    allow_apex: bool = False,
    room: Mapping[str, int] | None = None,
) -> None:
    """Raise RefusedError, with every reason of every zone, before the first write of any zone.

    `allow_deletes` lifts the limit on deletions when it names their exact number over all zones.
    `allow_apex` allows NS and MX of the zone itself to be deleted.
    `room`: how many more records a zone may have, by its name; a zone that is not named may have any number.
    """
    problems = [
        problem
        for plan in plans
        for problem in [
            *_conflicts(plan),
            *([] if allow_apex else _apex(plan)),
            *_over_quota(plan, (room or {}).get(plan.zone)),
        ]
    ]
    problems += _too_many_deletes(plans, allow_deletes)
    if problems:
        raise RefusedError(problems)


def _conflicts(plan: ZonePlan) -> list[Problem]:
    return [
        Problem(
            f"{change.record.type} {change.record.name} -> {change.record.content}: {change.reason}",
            change.record.where,
            path=plan.zone,
        )
        for change in plan.of(Action.CONFLICT)
    ]


def _apex(plan: ZonePlan) -> list[Problem]:
    return [
        Problem(
            f"{change.record.type} of {plan.zone} itself would be deleted",
            path=plan.zone,
            hint="if you intend this: --allow-apex",
        )
        for change in plan.of(Action.DELETE)
        if change.record.name == plan.zone and change.record.type in APEX_TYPES
    ]


def _over_quota(plan: ZonePlan, room: int | None) -> list[Problem]:
    more = len(plan.of(Action.CREATE)) - len(plan.of(Action.DELETE))
    if room is None or more <= max(0, room):
        return []
    return [
        Problem(f"{more} more records than now, but the zone's plan only has room for {max(0, room)}", path=plan.zone)
    ]


def losses(plan: ZonePlan) -> list[Change]:
    """What `--allow-deletes` counts. A record that is replaced by another type at its name is not a loss."""
    made = {(change.record.name, change.record.type is RecordType.CNAME) for change in plan.of(Action.CREATE)}
    return [
        change
        for change in plan.of(Action.DELETE)
        if (change.record.name, change.record.type is not RecordType.CNAME) not in made
    ]


def _too_many_deletes(plans: Sequence[ZonePlan], allowed: int | None) -> list[Problem]:
    deletes = sum(len(losses(plan)) for plan in plans)
    if allowed is not None:
        if allowed == deletes:
            return []
        return [Problem(f"--allow-deletes {allowed} was given, but {deletes} records would be deleted")]
    owned = deletes + sum(len(plan.of(Action.KEEP, Action.UPDATE, Action.STALE)) for plan in plans)
    if deletes <= FREE_DELETES or deletes <= owned * FREE_SHARE:
        return []
    return [
        Problem(
            f"{deletes} of {owned} owned records would be deleted",
            hint=f"if you intend this: --allow-deletes {deletes}",
        )
    ]


def refuse_flexible(planned: Sequence[PlannedZone]) -> None:
    """Raise RefusedError for a zone with proxied hosts whose SSL mode makes an endless loop of every redirect."""
    problems = []
    for item in planned:
        proxied = [record.name for record in item.task.records if record.proxied]
        mode = (item.task.provider.ssl_mode(item.zone) or "") if proxied else ""
        if why := _ENDLESS.get(mode):
            problems.append(
                Problem(
                    f"{item.zone.name}: SSL mode is {mode.capitalize()}, and {proxied[0]} is proxied: {why}, and that "
                    "never ends",
                    hint="set the zone's SSL/TLS mode to Full (strict)",
                )
            )
    if problems:
        raise RefusedError(problems)


_ENDLESS = {
    "flexible": "Cloudflare asks the edge over http, the edge redirects to https",
    # Source: Cloudflare's page of the mode: every https request is redirected to http.
    "off": "the edge redirects to https, Cloudflare redirects to http",
}
"""SSL mode -> how a request goes round in a circle."""

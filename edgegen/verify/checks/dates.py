"""Moments and spans of time for people."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from edgegen.core.plural import plural

_UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))


def moment(when: datetime) -> str:
    """`2026-07-01 12:00 UTC`."""
    return when.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def span(length: timedelta) -> str:
    """`5 days`, `1 hour`: whole units, rounded down, of the largest that is there twice, else of the next smaller."""
    seconds = abs(int(length.total_seconds()))
    unit, size = next((item for item in _UNITS if seconds >= 2 * item[1]), _UNITS[-1])
    number = seconds // size
    return f"{number} {plural(number, unit)}"

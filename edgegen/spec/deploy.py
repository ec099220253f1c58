"""Compose's `deploy:`, `logging:` and `ulimits:`: typed, and passed through."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from edgegen.core.json_schema import AlsoAccepts
from edgegen.spec.base import Bytes, DurationText, Scalar, SpecModel, Text, Whole, scalar_text
from edgegen.spec.compose_values import OR_VARIABLE


def _cpus(value: object) -> object:
    text = scalar_text(value)
    if isinstance(text, str) and not text.replace(".", "", 1).isdigit():
        raise ValueError(f"`{text[:40]}` is not a number of CPUs like 0.5")
    return text


Cpus = Annotated[str, BeforeValidator(_cpus), AlsoAccepts("number")]
Count = Annotated[Whole, Field(ge=0)]


class Limits(SpecModel):
    """What a container may use at most."""

    cpus: Annotated[Cpus, OR_VARIABLE] | None = None
    """CPUs: `0.5`."""
    memory: Annotated[Bytes, OR_VARIABLE] | None = None
    """Memory: `512m`."""
    pids: Annotated[Whole, Field(ge=1), OR_VARIABLE] | None = None
    """Processes."""


class Reservations(SpecModel):
    """What is reserved for a container."""

    cpus: Annotated[Cpus, OR_VARIABLE] | None = None
    """CPUs: `0.5`."""
    memory: Annotated[Bytes, OR_VARIABLE] | None = None
    """Memory: `512m`."""


class Resources(SpecModel):
    """Limits and reservations."""

    limits: Limits | None = None
    """What it may use at most."""
    reservations: Reservations | None = None
    """What is reserved for it."""


class RestartPolicy(SpecModel):
    """When Swarm starts a task again."""

    condition: Annotated[Literal["none", "on-failure", "any"], OR_VARIABLE] | None = None
    """none, on-failure or any."""
    delay: Annotated[DurationText, OR_VARIABLE] | None = None
    """Pause before each attempt."""
    max_attempts: Annotated[Count, OR_VARIABLE] | None = None
    """How many attempts at most."""
    window: Annotated[DurationText, OR_VARIABLE] | None = None
    """How long a task must run to count as started."""


class Placement(SpecModel):
    """Where tasks run."""

    constraints: list[Text] | None = None
    """Conditions that a node must meet."""
    preferences: list[dict[Literal["spread"], Text]] | None = None
    """How tasks are spread."""
    max_replicas_per_node: Annotated[Whole, Field(ge=1), OR_VARIABLE] | None = None
    """How many per node at most."""


class UpdateConfig(SpecModel):
    """How an update or a rollback proceeds."""

    parallelism: Annotated[Count, OR_VARIABLE] | None = None
    """How many tasks to update at once."""
    delay: Annotated[DurationText, OR_VARIABLE] | None = None
    """Pause between groups."""
    failure_action: Annotated[Literal["continue", "rollback", "pause"], OR_VARIABLE] | None = None
    """What to do when it fails."""
    monitor: Annotated[DurationText, OR_VARIABLE] | None = None
    """How long to watch a task for failures."""
    max_failure_ratio: Annotated[float, Field(ge=0, le=1), OR_VARIABLE] | None = None
    """Share of failures that is tolerated."""
    order: Annotated[Literal["start-first", "stop-first"], OR_VARIABLE] | None = None
    """Whether to start the new task before the old one stops, or the reverse."""


class Deploy(SpecModel):
    """How many replicas run, where, and with which resources."""

    mode: Annotated[Literal["replicated", "global"], OR_VARIABLE] | None = None
    """replicated, or one on each node."""
    replicas: Annotated[Count, OR_VARIABLE] | None = None
    """How many replicas."""
    endpoint_mode: Annotated[Literal["vip", "dnsrr"], OR_VARIABLE] | None = None
    """How other services find them."""
    labels: dict[str, Scalar] | None = None
    """Labels of the Swarm service."""
    resources: Resources | None = None
    """Limits and reservations."""
    restart_policy: RestartPolicy | None = None
    """When a task is started again."""
    placement: Placement | None = None
    """Where tasks run."""
    update_config: UpdateConfig | None = None
    """How an update proceeds."""
    rollback_config: UpdateConfig | None = None
    """How a rollback proceeds."""


class Logging(SpecModel):
    """Where the container's output goes."""

    driver: Text | None = None
    """json-file, local, journald, syslog …"""
    options: dict[str, Scalar] | None = None
    """Options of the driver."""


class SoftHard(SpecModel):
    """A limit with a soft and a hard value."""

    soft: Annotated[Whole, OR_VARIABLE]
    """The soft limit."""
    hard: Annotated[Whole, OR_VARIABLE]
    """The hard limit."""

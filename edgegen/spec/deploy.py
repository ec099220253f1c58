"""Compose's `deploy:` and `logging:`: typed, and passed through."""

from typing import Annotated, Literal

from pydantic import Field

from edgegen.spec.base import Bytes, DurationText, Scalar, SpecModel, Text, Whole
from edgegen.spec.compose_values import OR_VARIABLE
from edgegen.spec.limits import Cpus

Count = Annotated[Whole, Field(ge=0)]


class Limits(SpecModel):
    """What a container may use at most."""

    cpus: Annotated[Cpus, OR_VARIABLE] | None = None
    """CPUs: `0.5`. Example: `0.5`."""
    memory: Annotated[Bytes, OR_VARIABLE] | None = None
    """Memory: `512m`. Example: `512m`."""
    pids: Annotated[Whole, Field(ge=1), OR_VARIABLE] | None = None
    """Processes. Example: `200`."""


class Reservations(SpecModel):
    """What is reserved for a container."""

    cpus: Annotated[Cpus, OR_VARIABLE] | None = None
    """CPUs: `0.5`. Example: `0.25`."""
    memory: Annotated[Bytes, OR_VARIABLE] | None = None
    """Memory: `512m`. Example: `256m`."""


class Resources(SpecModel):
    """Limits and reservations."""

    limits: Limits | None = None
    """What it may use at most. Example: `{cpus: 0.5, memory: 512m}`."""
    reservations: Reservations | None = None
    """What is reserved for it. Example: `{memory: 256m}`."""


class RestartPolicy(SpecModel):
    """When Swarm starts a task again."""

    condition: Annotated[Literal["none", "on-failure", "any"], OR_VARIABLE] | None = None
    """none, on-failure or any."""
    delay: Annotated[DurationText, OR_VARIABLE] | None = None
    """Pause before each attempt. Example: `5s`."""
    max_attempts: Annotated[Count, OR_VARIABLE] | None = None
    """How many attempts at most. Example: `3`."""
    window: Annotated[DurationText, OR_VARIABLE] | None = None
    """How long a task must run to count as started. Example: `2m`."""


class Placement(SpecModel):
    """Where tasks run."""

    constraints: list[Text] | None = None
    """Conditions that a node must meet. Example: `[node.labels.disk == ssd]`."""
    preferences: list[dict[Literal["spread"], Text]] | None = None
    """How tasks are spread. Example: `[{spread: node.labels.zone}]`."""
    max_replicas_per_node: Annotated[Whole, Field(ge=1), OR_VARIABLE] | None = None
    """How many per node at most. Example: `1`."""


class UpdateConfig(SpecModel):
    """How an update or a rollback proceeds."""

    parallelism: Annotated[Count, OR_VARIABLE] | None = None
    """How many tasks to update at once. Example: `1`."""
    delay: Annotated[DurationText, OR_VARIABLE] | None = None
    """Pause between groups. Example: `10s`."""
    failure_action: Annotated[Literal["continue", "rollback", "pause"], OR_VARIABLE] | None = None
    """What to do when it fails."""
    monitor: Annotated[DurationText, OR_VARIABLE] | None = None
    """How long to watch a task for failures. Example: `30s`."""
    max_failure_ratio: Annotated[float, Field(ge=0, le=1), OR_VARIABLE] | None = None
    """Share of failures that is tolerated. Example: `0.1`."""
    order: Annotated[Literal["start-first", "stop-first"], OR_VARIABLE] | None = None
    """Whether to start the new task before the old one stops, or the reverse."""


class Deploy(SpecModel):
    """How many replicas run, where, and with which resources."""

    mode: Annotated[Literal["replicated", "global"], OR_VARIABLE] | None = None
    """replicated, or one on each node."""
    replicas: Annotated[Count, OR_VARIABLE] | None = None
    """How many replicas. Example: `2`."""
    endpoint_mode: Annotated[Literal["vip", "dnsrr"], OR_VARIABLE] | None = None
    """How other services find them."""
    labels: dict[str, Scalar] | None = None
    """Labels of the Swarm service. Example: `{com.example.team: platform}`."""
    resources: Resources | None = None
    """Limits and reservations. Example: `{limits: {memory: 512m}}`."""
    restart_policy: RestartPolicy | None = None
    """When a task is started again. Example: `{condition: on-failure, max_attempts: 3}`."""
    placement: Placement | None = None
    """Where tasks run. Example: `{constraints: [node.role == worker]}`."""
    update_config: UpdateConfig | None = None
    """How an update proceeds. Example: `{order: start-first, failure_action: rollback}`."""
    rollback_config: UpdateConfig | None = None
    """How a rollback proceeds. Example: `{order: stop-first}`."""


class Logging(SpecModel):
    """Where the container's output goes."""

    driver: Text | None = None
    """json-file, local, journald, syslog … Example: `local`."""
    options: dict[str, Scalar] | None = None
    """Options of the driver. Example: `{max-size: 20m, max-file: 5}`."""

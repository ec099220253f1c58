"""The DNS of a project: its zones, providers and records, and what DNS servers answer for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from edgegen.core.dns_names import is_within
from edgegen.core.errors import Problem, RefusedError, SpecError, UsageError, at_most
from edgegen.core.finding import Finding
from edgegen.core.location import path_text
from edgegen.core.suggest import did_you_mean
from edgegen.desired.records import needs_own_address, published_by_name, records, without_addresses
from edgegen.dns.jobs import Choices, ZoneTask
from edgegen.dns.provider import Given, Provider
from edgegen.dns.providers import open_provider
from edgegen.files import put_file, read_project_file
from edgegen.files.last_run import refuse_unnamed
from edgegen.files.manifest import last_environment
from edgegen.project.checked import checked, placed
from edgegen.project.dns_owner import Owner, owner_for, refuse_shared_owner
from edgegen.project.sights import Asked, sight_of
from edgegen.records import Record
from edgegen.spec.edge import Spec
from edgegen.spec.load import LoadedSpec, load
from edgegen.system.clock import Clock


class Tasks(Struct, frozen=True):
    """What `dns` works on."""

    loaded: LoadedSpec
    zones: tuple[ZoneTask, ...]
    owner: Owner
    warnings: tuple[Problem, ...] = ()


def tasks(
    project: Path, loaded: LoadedSpec, *, environ: Mapping[str, str], asked: Asked, clock: Clock | None = None
) -> Tasks:
    """The zones of the spec with their records. Finds out the edge's own address where the spec says `auto`.

    Raises SpecError where the spec has no domain or breaks a rule.
    """
    spec = loaded.spec
    warnings = checked(loaded)
    if not spec.domains:
        raise SpecError(
            "the spec has no `domains`, so there are no records to sync",
            where=loaded.locate(()),
            hint="add one: `domains: {example.com: {addresses: [auto]}}`",
        )
    refuse_shared_owner(project, loaded)
    _refuse_without_addresses(loaded)
    wanted = wanted_records(loaded, asked)
    given, opened = _given(project, environ, clock), dict[Any, Provider]()
    planned = (zone for zone, domain in spec.domains.items() if domain.is_planned)
    zones = tuple(_task(spec, zone, wanted, given, opened) for zone in planned)
    if not zones:
        where = loaded.locate(("domains",))
        warnings.append(Problem("every domain has `provider: none`: there are no records to sync", where))
    return Tasks(loaded, zones, owner_for(project, spec), tuple(warnings))


def wanted_records(loaded: LoadedSpec, asked: Asked) -> list[Record]:
    """Every record that the spec wants, with its line. Finds out the edge's own address where the spec says `auto`."""
    spec = loaded.spec
    needed = needs_own_address(spec)
    own = sight_of(spec.target, asked).own_addresses(loaded, needed) if needed else None
    return placed(loaded, records(spec, own))


def refuse_unnamed_overlay(project: Path, spec: Spec) -> None:
    """Raise RefusedError if the folder was last rendered for an environment whose DNS differs from this `spec`'s."""
    last = last_environment(project)
    if last is None:
        return
    try:
        same = _published(load(project, last).spec) == _published(spec)
    except SpecError:  # the overlay is gone, or wrong: what it wanted can't be said
        same = False
    if not same:
        refuse_unnamed(project, None)


def _published(spec: Spec) -> tuple[Any, ...]:
    return spec.name, spec.dns, spec.domains, published_by_name(spec)


def _refuse_without_addresses(loaded: LoadedSpec) -> None:
    """Raise RefusedError for hosts without any record: `--prune` would even remove theirs."""
    problems: dict[str, Problem] = {}
    for path, host, zone in without_addresses(loaded.spec):
        hint = f"say `domains: {{{zone}: {{addresses: [auto]}}}}`, or `provider: none` if its DNS is kept elsewhere"
        problem = Problem(
            f"`{host}` has no address: `{zone}` has no `addresses`", loaded.locate(path), path_text(path), hint
        )
        problems.setdefault(host, problem)
    if problems:
        raise RefusedError(at_most(list(problems.values())))


def _task(spec: Spec, zone: str, wanted: Sequence[Record], given: Given, opened: dict[Any, Provider]) -> ZoneTask:
    """`opened`: one provider for each choice of options, made when it is first needed: files need no account."""
    domain = spec.domains[zone]
    own = tuple(record for record in wanted if record.zone == zone)
    key = (domain.keeper, *sorted(domain.options.items()))
    if key not in opened:
        opened[key] = open_provider(domain.keeper, replace(given, options=domain.options))
    return ZoneTask(opened[key], zone, own, tuple(domain.ignore), domain.zone_id, domain.capabilities)


def _given(project: Path, environ: Mapping[str, str], clock: Clock | None) -> Given:
    def write(path: str, text: bytes) -> None:
        put_file(project, path, text, existing="replace")

    return Given(environ, lambda path: read_project_file(project, path), write, clock)


def check_token(project: Path, environment: str | None, *, environ: Mapping[str, str]) -> list[Finding]:
    """Whether Cloudflare's token may do what the spec needs. Raises SpecError where no domain is kept at Cloudflare."""
    from edgegen.dns.providers.cloudflare import Cloudflare
    from edgegen.dns.token_check import check

    domains = load(project, environment).spec.domains
    zones = {name: domain.zone_id for name, domain in domains.items() if domain.keeper == "cloudflare"}
    if not zones:
        raise SpecError("no domain of the spec is kept at Cloudflare", hint="set `provider: cloudflare` for one")
    return check(Cloudflare.from_environment(environ), zones)


def choices(
    found: Tasks,
    *,
    adopt: Sequence[str] = (),
    prune: bool = False,
    allow_deletes: int | None = None,
    allow_apex: bool = False,
    approved: str | None = None,
    accept_empty_zone: bool = False,
    keep_going: bool = False,
) -> Choices:
    """What the user allows. Raises UsageError for a name to adopt that the spec does not want, RefusedError for
    `--prune` where the spec has no edge."""
    if prune:
        _refuse_to_prune_without_edge(found)
    wanted = {record.name for task in found.zones for record in task.records}
    names = {name.lower().removesuffix(".") for name in adopt}
    for name in sorted(names - wanted):
        if (prune or allow_apex) and found.owner.named is not None and is_in_a_zone(found, name):
            continue  # a record to delete: its mark has only the project's name
        full = sorted(record for record in wanted if record.startswith(f"{name}."))
        raise UsageError(
            f"--adopt {name}: the spec has no record of that name",
            hint=f"did you mean `{full[0]}`?" if full else did_you_mean(name, wanted),
        )
    whose = found.owner
    return Choices(
        whose.owner, whose.named, adopt=frozenset(names), prune=prune, allow_deletes=allow_deletes,
        allow_apex=allow_apex, accept_empty_zone=accept_empty_zone, keep_going=keep_going, approved=approved,
    )  # fmt: skip


def _refuse_to_prune_without_edge(found: Tasks) -> None:
    """Without an edge no host is public, so every record of the other environments would look unwanted."""
    if found.loaded.spec.edge.is_none:
        raise RefusedError(
            "--prune with `edge: none` would delete the records of every host",
            where=found.loaded.locate(("edge",)),
            hint="name the environment whose records these are (`-e base`: without an overlay), or leave out --prune",
        )


def is_in_a_zone(found: Tasks, name: str) -> bool:
    """Whether a name is in a zone of the spec."""
    return any(is_within(name, task.zone) for task in found.zones)

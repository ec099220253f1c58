"""Declared records that no provider and no zone file can hold, each with its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from edgegen.core.location import Path
from edgegen.core.show import shown
from edgegen.records import POINTERS, RecordType
from edgegen.spec.domain import DeclaredRecord, Domain
from edgegen.spec.edge import Spec
from edgegen.spec.problems import Complaint
from edgegen.spec.published_address import never_proxied
from edgegen.spec.record_content import check_content
from edgegen.spec.record_name import RecordError, check_name


def broken_records(spec: Spec) -> Iterator[Complaint]:
    """What is wrong with the name, the content and the options of each declared record."""
    for zone, domain in spec.domains.items():
        for index, item in enumerate(domain.records):
            yield from _flaws(spec, zone, domain, item, ("domains", zone, "records", index))


def _flaws(spec: Spec, zone: str, domain: Domain, item: DeclaredRecord, at: Path) -> Iterator[Complaint]:
    checks: tuple[Callable[[], None], ...] = (
        partial(check_name, item, zone, domain, spec.domains),
        partial(check_content, item, zone, domain),
        partial(_check_proxied, item, domain),
    )
    for check in checks:
        try:
            check()
        except RecordError as error:
            yield Complaint((*at, error.key), str(error), error.hint)


def _check_proxied(item: DeclaredRecord, domain: Domain) -> None:
    if not item.proxied:
        return
    if item.type not in POINTERS:
        raise RecordError(
            f"a {item.type} record can't be proxied", "remove `proxied`: only A, AAAA and CNAME can", "proxied"
        )
    if domain.is_planned and not domain.capabilities.proxy:
        what = "a zone file" if domain.capabilities.is_file else f"the provider {domain.keeper}"
        raise RecordError(f"{what} has no proxy", "remove `proxied`", "proxied")
    if item.type is not RecordType.CNAME and (problem := never_proxied(item.content)) is not None:
        raise RecordError(f"`{shown(item.content)}` {problem}")

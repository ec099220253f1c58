"""Records of the spec that can't exist, each with the line that declares it."""

from __future__ import annotations

from edgegen.core.errors import Problem, SpecError
from edgegen.desired.records import declared
from edgegen.dns.normal import normal
from edgegen.dns.sound import check
from edgegen.spec.load import LoadedSpec


def check_declared(loaded: LoadedSpec) -> None:
    """Raise SpecError with every record that no provider and no zone file can hold."""
    problems = []
    for zone, domain in loaded.spec.domains.items():
        for number, item in enumerate(domain.records):
            try:
                check(normal(declared(zone, domain, item)))
            except ValueError as error:
                where = loaded.locate(("domains", zone, "records", number))
                problems.append(Problem(f"{item.type} {item.name}: {error}", where))
    if problems:
        raise SpecError(problems)

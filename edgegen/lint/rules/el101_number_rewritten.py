"""A number that Compose passes on in another form.

What it does
    Reports values of labels and environment variables that YAML reads as a number and Compose writes in another way
    than the file: `0022` arrives as `18`, `1.10` as `1.1`, `1_000` as `1000`, and a date with a
    time and a zone.

Why
    Labels and variables are texts, and a container gets the number's shortest form. A mode, a version or a telephone
    number changes on the way, and nothing reports it.

Example
    `UMASK: 0022`

Instead
    `UMASK: "0022"`
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from edgegen.core.finding import Severity
from edgegen.core.pattern import late_pattern
from edgegen.lint.edits import fix, set_scalar
from edgegen.lint.model import Project, Service, Spot, Value
from edgegen.lint.rule import Fix, Found, Rule

_AS_WRITTEN = late_pattern(r"0[0-9]+|\+[0-9]+|[0-9]+\.[0-9]*0")
"""A mode, a telephone number or a version, which is meant as it is written. `1_000` and `0x1f` may be numbers."""
RULE = Rule("EL101", "number-rewritten", Severity.LOW)


def check(project: Project) -> Iterator[Found]:
    """Each value of a label or variable that is another text than in its file."""
    for service in project.services.values():
        deploy = service.data.get("deploy")
        if _has_numbers(service.data.get("labels")):
            yield from _of_values(service, "label", service.labels)
        if isinstance(deploy, Mapping) and _has_numbers(deploy.get("labels")):
            yield from _of_values(service, "label", service.deploy_labels)
        if _has_numbers(service.data.get("environment")):
            yield from _of_values(service, "variable", service.environment)


def _has_numbers(data: Any) -> bool:
    """Most mappings hold only texts: then no value of theirs is looked at."""
    return isinstance(data, dict) and not all(type(item) is str for item in data.values())


def _of_values(service: Service, what: str, values: Mapping[str, Value | None]) -> Iterator[Found]:
    for name, value in values.items():
        if value is not None and _is_rewritten(value):
            kind = "date" if " " in value.text else "number"
            message = f"the {what} `{name}` arrives as `{value.text}`: YAML reads `{value.raw}` as a {kind}"
            correction = _quoted(value) if _AS_WRITTEN.fullmatch(value.raw) else None
            yield Found(service.name, message, value.spot, f'put it in quotes: `"{value.raw}"`', fix=correction)


def _quoted(value: Value) -> Fix | None:
    return fix("put it in quotes", set_scalar(Spot(value.spot.file, value.spot.path), value.raw))


def _is_rewritten(value: Value) -> bool:
    return value.raw != value.text and bool(value.raw) and "$" not in value.raw and value.spot.file.language == "yaml"

"""A run of `verify` in Prometheus' text format, for the textfile collector of its node exporter. Pure.

Names and labels are public interface, documented in docs/guide/reports.md: a dashboard depends on them. Without
timestamps: the collector refuses them. Source: prometheus.io, "Exposition formats".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from msgspec import Struct

from edgegen.cli.console import printable
from edgegen.cli.report.model import Report, Row
from edgegen.cli.report.seen import State
from edgegen.core.grade import Grade, grade

PREFIX = "edgegen_verify_"
MARK = f"# HELP {PREFIX}info "
"""How every such file begins."""
Labels = tuple[tuple[str, str], ...]
Found = Iterable[tuple[Labels, float]]


class Metric(Struct, frozen=True):
    """A gauge: labels -> value."""

    name: str
    about: str
    series: Mapping[Labels, float]


def metrics(report: Report) -> str:
    """All of them; a metric without any series is left out."""
    return "".join(_written(metric) for metric in _metrics(report) if metric.series)


def _metrics(report: Report) -> Iterator[Metric]:
    words = {"project": report.project, "environment": report.environment, "version": report.version}
    info = tuple((label, _escaped(text)) for label, text in words.items())
    yield Metric("info", "The project, and the version of edgegen.", {info: 1})
    yield _one("last_run_timestamp_seconds", "When the run began.", report.started.timestamp())
    yield _one("duration_seconds", "How long the run took.", report.seconds)
    yield _one("complete", "1: the run went to its end. 0: it was stopped.", int(not report.incomplete))
    yield _one("success", "1: no problems, as with exit code 0. 0: anything else.", int(report.ok))
    by_outcome: dict[Labels, float] = {
        (("outcome", item.value),): float(report.counts["endpoints"][item]) for item in Grade
    }
    yield Metric("endpoints", "Endpoints by outcome.", by_outcome)
    ranks = "0: good, 1: good with remarks, 2: could not be checked, 3: bad."
    rows = report.rows
    yield _of_rows("endpoint_outcome", f"An endpoint. {ranks}", rows, lambda row: [((), row.grade.rank)])
    yield _of_rows("check_outcome", f"A check of an endpoint. {ranks}", rows, _checks)
    yield _of_rows("addresses", "Addresses of an endpoint.", rows, lambda row: [((), len(row.addresses))])
    yield _of_rows("addresses_answering", "Addresses of an endpoint that answer.", rows, _answering, min)
    yield _of_rows(
        "certificate_not_after_timestamp_seconds", "When a certificate ends; of several, the first.", rows, _ends, min
    )


def _one(name: str, about: str, value: float) -> Metric:
    return Metric(name, about, {(): value})


def _of_rows(
    name: str,
    about: str,
    rows: Iterable[Row],
    found: Callable[[Row], Found],
    worse: Callable[[float, float], float] = max,
) -> Metric:
    """One series for each endpoint and what tells its own apart; of equal ones the worse value counts."""
    series: dict[Labels, float] = {}
    for row in rows:
        own = (("endpoint", row.endpoint.shown), ("service", row.endpoint.name), ("path", row.endpoint.path))
        for labels, value in found(row):
            key = tuple((label, _escaped(text)) for label, text in (*own, *labels))
            series[key] = worse(series[key], value) if key in series else value
    return Metric(name, about, series)


def _checks(row: Row) -> Found:
    return (((("check", item.id), ("name", item.name)), grade(item).rank) for item in row.findings)


def _answering(row: Row) -> Found:
    return [((), sum(item.state is State.ANSWERS for item in row.addresses))]


def _ends(row: Row) -> Found:
    return (((), item.not_after.timestamp()) for item in row.certificates)


def _written(metric: Metric) -> str:
    name = f"{PREFIX}{metric.name}"
    lines = [f"# HELP {name} {metric.about}", f"# TYPE {name} gauge"]
    lines += [f"{name}{_labels(labels)} {_number(value)}" for labels, value in metric.series.items()]
    return "".join(f"{line}\n" for line in lines)


def _labels(labels: Labels) -> str:
    said = ",".join(f'{name}="{value}"' for name, value in labels)
    return f"{{{said}}}" if said else ""


def _escaped(value: str) -> str:
    """Text from others, without control characters or tabs; a backslash, a quote and a newline are escaped."""
    return printable(value).replace("\t", " ").replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def _number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else repr(float(value))

"""The words of every static configuration against the grammar of its version, whatever it is written in. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from edgegen.core.location import path_text
from edgegen.core.pattern import late_pattern
from edgegen.core.show import shown
from edgegen.lint.model import Project, Spot, Value
from edgegen.lint.statics import Judged, judged, written
from edgegen.traefik.file_fault import FileEffect, FileFault
from edgegen.traefik.file_words import static_file_faults
from edgegen.traefik.label_fault import Effect, Fault
from edgegen.traefik.static_gone import why_gone
from edgegen.traefik.static_of_version_1 import replaced
from edgegen.traefik.static_words import static_faults

_LONGEST = 120
_ENDS = late_pattern(
    r"pilot(\..*)?|providers\.(marathon|rancher)(\..*)?|providers\.docker\.swarmmode|.*\.tls\.caoptional"
    r"|experimental\.http3|tracing\.(jaeger|zipkin|datadog|instana|haystack|elastic|spannamelimit)(\..*)?"
    r"|providers\.(consul|consulcatalog|nomad)\.namespace"
)
"""Source: Traefik's pkg/cli/deprecation.go."""


class StaticFault(Struct, frozen=True, eq=False):
    """A word or a value that Traefik does not take as it is meant."""

    written: str
    """The option as the user writes it."""
    why: str
    spot: Spot
    stops: bool
    """Traefik does not start. Otherwise it silently passes the option over."""
    gone: bool = False
    """Only another version knows it."""
    hint: str = ""
    known: bool = True
    """False where the value has a variable without a value here."""
    old: tuple[str, str] | None = None
    """For an option of Traefik 1: its first word, and what replaces it."""


def static_words(project: Project) -> Iterator[tuple[Judged, StaticFault]]:
    """All faults of all static configurations."""
    for item in judged(project):
        faults = _of_file(item) if item.static.source == "file" else _of_options(item)
        yield from ((item, fault) for fault in (*faults, *_beside(item)))


def _beside(item: Judged) -> Iterator[StaticFault]:
    """What Traefik 3 looks for in all sources, even in those that it does not read."""
    static = item.static
    if item.version is not None and item.version.major < 3:
        return
    if static.source == "file" and static.flags is not None:
        yield from _removed(item, {name: (f"--{name}", value) for name, value in static.flags.options.items()})
    if static.variables is not None:
        options = static.variables.options if static.source in ("file", "flags") else {}
        read = {name: (static.variables.names[name], value) for name, value in options.items()}
        passed = {name.lower().removeprefix("traefik_").replace("_", "."): (name, value)
                  for name, value in static.variables.ignored.items()}  # fmt: skip
        yield from _removed(item, {**read, **passed})


def _removed(item: Judged, options: Mapping[str, tuple[str, Value]]) -> Iterator[StaticFault]:
    for option, (name, value) in options.items():
        if _ENDS.fullmatch(option) and (why := why_gone(option, item.version)):
            yield StaticFault(shown(name, _LONGEST), why, value.spot, True, True)


def _of_options(item: Judged) -> Iterator[StaticFault]:
    options = {name: value for name, value in item.static.written.items() if name != "configfile"}
    for fault in static_faults({name: value.text for name, value in options.items()}, item.version):
        value = options[fault.label]
        is_about_value = fault.word == value.text or not fault.word
        yield StaticFault(
            shown(written(item, fault.label), _LONGEST),
            fault.why,
            value.spot if is_about_value else _spot(item, fault.label, value),
            fault.effect is Effect.STOPS,
            bool(fault.word and why_gone(fault.label, item.version)),
            _hint(item, fault),
            value.known or not is_about_value,
            replaced(fault.label, value.text),
        )


def _spot(item: Judged, option: str, value: Value) -> Spot:
    """Where an option's name is: it may have the argument after it as its value."""
    flags = item.static.flags if item.static.source == "flags" else None
    word = flags.words.get(option.lower()) if flags else None
    return word.spot if word else value.spot


def _hint(item: Judged, fault: Fault) -> str:
    if not fault.meant:
        return ""
    if item.static.source == "environment":
        return f"did you mean `TRAEFIK_{fault.meant.replace('.', '_').upper()}`?"
    return f"did you mean `--{fault.meant}`?"


def _of_file(item: Judged) -> Iterator[StaticFault]:
    document = item.static.document
    if document is None:
        return
    for fault in static_file_faults(document.data, item.version):
        if len(fault.path) == 1 and fault.effect is not FileEffect.REFUSES and not _gone(item, fault):
            continue  # a key at the top: EL045's
        yield StaticFault(
            shown(path_text(fault.path), _LONGEST),
            fault.why,
            Spot(document.file, fault.path, fault.word == str(fault.path[-1])),
            fault.effect is FileEffect.REFUSES,
            _gone(item, fault),
            f"did you mean `{fault.meant}`?" if fault.meant else "",
            old=replaced(_dotted(fault), ""),
        )


def _gone(item: Judged, fault: FileFault) -> bool:
    return fault.word == str(fault.path[-1]) and bool(why_gone(_dotted(fault), item.version))


def _dotted(fault: FileFault) -> str:
    return ".".join(str(part) for part in fault.path if isinstance(part, str))

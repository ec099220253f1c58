"""Static configuration in several places, of which Traefik reads one.

What it does
    Reports flags used with a configuration file, `TRAEFIK_…` variables used with flags or a file, a `--configfile`
    that is not in the container, and variables that Traefik does not read.

Why
    Traefik merges nothing: a file hides all flags, and one flag hides all variables. It says nothing about it.

Example
    `/etc/traefik/traefik.yml` is mounted, and the command has `--providers.docker=true`

Instead
    Everything in the file, or everything as flags.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from edgegen.core.finding import Severity
from edgegen.core.show import first_few, shown
from edgegen.core.suggest import suggest
from edgegen.lint.model import Project, Value
from edgegen.lint.rule import Confidence, Found, Rule
from edgegen.lint.sources import Seen
from edgegen.lint.statics import Judged, judged
from edgegen.traefik.grammar import static_type

RULE = Rule("EL044", "mixed-sources", Severity.HIGH)
_CONFIG_FILE = "configfile"
_PREFIX = "TRAEFIK_"


def check(project: Project) -> Iterator[Found]:
    """What is set and never read."""
    for item in judged(project):
        yield from _missing_file(item)
        yield from _flags_beside_a_file(item)
        yield from _variables_beside(item)
        yield from _unread_variables(item)


def _missing_file(item: Judged) -> Iterator[Found]:
    flags, mount = item.static.flags, item.static.mount
    value = flags.options.get(_CONFIG_FILE) if flags else None
    if value is not None and mount is not None and mount.seen is Seen.NOTHING and value.known:
        message = f"no mount brings `{shown(value.text, 100)}` into the container, and Traefik goes on without it"
        yield Found(item.subject, message, value.spot, "mount the file, or remove the option")


def _flags_beside_a_file(item: Judged) -> Iterator[Found]:
    flags = item.static.flags
    if item.static.source != "file" or item.static.document is None or flags is None:
        return
    ignored = [value for option, value in flags.words.items() if option != _CONFIG_FILE]
    if ignored:
        name = item.static.document.file.name
        message = f"Traefik reads {name}, and ignores all flags: {_listed(value.text for value in ignored)}"
        yield Found(item.subject, message, ignored[0].spot, f"move them to {name}")


def _variables_beside(item: Judged) -> Iterator[Found]:
    static = item.static
    if static.variables is None or static.source not in ("file", "flags"):
        return
    if static.source == "file" and static.document is None:
        return
    ignored = {name: value for name, value in _variables(item).items() if name != f"{_PREFIX}CONFIGFILE"}
    if ignored:
        what = "its configuration file" if static.source == "file" else "its flags"
        message = f"Traefik reads {what}, and ignores all variables: {_listed(ignored)}"
        yield Found(item.subject, message, next(iter(ignored.values())).spot, "write them in the same place")


def _variables(item: Judged) -> dict[str, Value]:
    variables = item.static.variables
    assert variables is not None  # noqa: S101  # the caller looked
    return {variables.names[option]: value for option, value in variables.options.items()}


def _unread_variables(item: Judged) -> Iterator[Found]:
    variables = item.static.variables
    if variables is None:
        return
    if (value := variables.options.get(_CONFIG_FILE)) is not None:
        message = f"Traefik does not look at `{variables.names[_CONFIG_FILE]}`: only `--configfile` names a file"
        yield Found(item.subject, message, value.spot)
    roots = {root.upper(): root for root in static_type(item.version).fields}
    for name, value in variables.ignored.items():
        group, _, rest = name.removeprefix(_PREFIX).partition("_")
        near = suggest(group, roots)
        if near and rest and near != group:
            message = f"Traefik silently ignores `{shown(name)}`: it has no options that begin with `{shown(group)}`"
            hint = f"did you mean `{_PREFIX}{near}_{rest}`?"
            yield Found(item.subject, message, value.spot, hint, Severity.MEDIUM, Confidence.MEDIUM)


def _listed(words: Iterable[str]) -> str:
    return first_few((f"`{shown(word)}`" for word in words), 3)

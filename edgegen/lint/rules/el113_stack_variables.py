"""A variable that `docker stack` reads in another way than Compose.

What it does
    Reports, in a file for a swarm: variables whose value is only in `.env` (severity low), forms that only Compose
    knows (`${NAME:+…}`, a variable inside of another), and an `env_file` with quotes or a comment after a value.

Why
    `docker stack deploy` reads no `.env`: unless the shell has the variable, its value is empty, and not even a warning
    says so. It hands the lines of an `env_file` on as they are: the password has its quotes with it.

Example
    ``traefik.http.routers.web.rule=Host(`${DOMAIN}`)`` in a stack, and `DOMAIN=example.com` in `.env`

Instead
    `set -a; . ./.env; set +a; docker stack deploy …`, or the value in the file. In an `env_file` no quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.core.pattern import late_pattern
from edgegen.core.show import first_few
from edgegen.lint.model import Character, File, Mode, Project
from edgegen.lint.rule import Found, Rule

RULE = Rule("EL113", "stack-variables", Severity.MEDIUM)
_SHOWN = 5
_LINE = late_pattern(r"^[ \t]*(?P<name>[^\s#=]+)=(?P<value>.*)$", re.MULTILINE)
_QUOTED = late_pattern(r"(?P<quote>[\"']).*(?P=quote)")


def check(project: Project) -> Iterator[Found]:
    """Each of them, in a file that is meant for a swarm."""
    if project.mode is not Mode.SWARM:
        return
    if project.unread and not any(file.is_rendered for file in project.files):  # `up` hands the values on
        yield _unread(project)
    for remark in project.stack_forms:
        severity = Severity.HIGH if remark.refused else None
        yield Found(
            remark.spot.shown, remark.message, remark.spot, "give the variable the whole value: `${NAME}`", severity
        )
    files: dict[str, tuple[str, File]] = {}
    for service in project.services.values():
        for value in service.environment.values() if service.data.get("env_file") else ():
            if value is not None and value.spot.file.language == "env":
                files.setdefault(value.spot.file.path, (service.name, value.spot.file))
    for name, file in files.values():
        yield from _as_they_are(name, file)


def _unread(project: Project) -> Found:
    which = first_few((f"`{name}`" for name in project.unread), _SHOWN)
    have = "have their values" if len(project.unread) > 1 else "has its value"
    message = (
        f"`docker stack deploy` reads no `.env`, where {which} {have}: without a word it takes an empty "
        "text, or the default, instead"
    )
    hint = "deploy with `set -a; . ./.env; set +a; docker stack deploy …`"
    return Found(".env", message, next(iter(project.unread.values())), hint, Severity.LOW)


def _as_they_are(service: str, file: File) -> Iterator[Found]:
    """The lines of an `env_file` that Compose reads, and `docker stack` does not."""
    for line in _LINE.finditer(file.text):
        name, value = line["name"], line["value"].rstrip(" \t\r")
        what = "the quotes" if _QUOTED.fullmatch(value) else "the comment" if " #" in value else ""
        if what:
            message = f"a swarm takes an `env_file` as it is: {what} of `{name}` would be a part of its value"
            yield Found(service, message, Character(file, character=line.start("name")), f"remove {what}")

"""Flags that Traefik never reads.

What it does
    Walks through the arguments as Traefik does. Traefik silently stops at the first one that is not a flag: a
    value after a space (`--api true`), or an option without its dashes.

Why
    Nothing after it is set. Traefik starts, with no provider, no entrypoint or no resolver, and says nothing.

Example
    `command: ["--api", "true", "--providers.docker"]`: there is no provider.

Instead
    `command: ["--api=true", "--providers.docker=true"]`
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.core.show import first_few, shown
from edgegen.lint.model import Project, Value
from edgegen.lint.rule import Found, Rule
from edgegen.lint.sources import Flags
from edgegen.lint.statics import Judged, judged
from edgegen.traefik.label_fault import Effect
from edgegen.traefik.static_of_version_1 import replaced
from edgegen.traefik.static_words import static_faults

RULE = Rule("EL043", "flags-not-read", Severity.HIGH)
_OTHER_COMMANDS = ("healthcheck", "version")


def check(project: Project) -> Iterator[Found]:
    """Arguments that are not read, or read as something else."""
    for item in judged(project):
        flags = item.static.flags
        if flags is None or item.static.source == "file":
            continue
        yield from _stopped(item, flags)
        yield from _refused(item, flags)
        yield from _swallowed(item, flags)
        yield from _quoted(item, flags)
        yield from _repeated(item, flags)


def _is_unknown(item: Judged, option: str, value: str = "") -> bool:
    """Whether this Traefik has no such option: EL040 and EL041 report it, and what it takes is of no importance."""
    known = static_faults({option: ""}, item.version)
    return any(fault.effect is Effect.STOPS and fault.word for fault in known) or replaced(option, value) is not None


def _stopped(item: Judged, flags: Flags) -> Iterator[Found]:
    word = flags.stopped
    if word is None or word.unset or word.text in _OTHER_COMMANDS:
        return
    if not flags.options:
        message = f"`{shown(word.text)}` is not a command of Traefik, and the container exits"
        yield Found(item.subject, message, word.spot, _meant(word))
        return
    if flags.unread:
        listed = first_few((f"`{shown(value.text)}`" for value in flags.unread), 3)
        message = f"Traefik stops reading its flags at `{shown(word.text)}`, and ignores {listed} after it"
        yield Found(item.subject, message, word.spot, _meant(word))
    elif "=" in word.text:
        message = f"`{shown(word.text, 120)}` is not a flag, and Traefik silently ignores it"
        yield Found(item.subject, message, word.spot, _meant(word))
    elif word.text in ("false", "False", "0"):
        last = list(flags.words.values())[-1]
        message = f"`{shown(last.text)} {word.text}` turns it on: `{word.text}` is not read"
        yield Found(item.subject, message, word.spot, f"write `{shown(last.text)}={word.text}`")
    else:
        message = f"`{shown(word.text)}` is not a flag, and is not read"
        yield Found(item.subject, message, word.spot, _meant(word), Severity.LOW)


def _meant(word: Value) -> str:
    if "=" in word.text and "." in word.text.partition("=")[0]:
        return f"did you mean `--{shown(word.text.lstrip('-'), 100)}`?"
    return "write an option and its value as `--option=value`"


def _refused(item: Judged, flags: Flags) -> Iterator[Found]:
    if flags.refused is not None:
        word, why = flags.refused
        yield Found(item.subject, f"{shown(why, 150)}, and Traefik does not start", word.spot, "write `--option=value`")


def _swallowed(item: Judged, flags: Flags) -> Iterator[Found]:
    for option, flag, value in flags.borrowed:
        if value.text.startswith("--") and value.known and not _is_unknown(item, option):
            message = f"`{shown(flag.text)}` takes `{shown(value.text, 80)}` as its value"
            yield Found(item.subject, message, flag.spot, f"write `{shown(flag.text)}=…`")


def _quoted(item: Judged, flags: Flags) -> Iterator[Found]:
    for option, value in flags.options.items():
        text = value.text
        if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" and value.known:
            message = f"the quotes of `{shown(flags.words[option].text, 100)}` are part of the value"
            hint = "leave them out: nothing removes them from an item of a list"
            yield Found(item.subject, message, value.spot, hint, Severity.MEDIUM)


def _repeated(item: Judged, flags: Flags) -> Iterator[Found]:
    for option, value in flags.repeated:
        if value.text != flags.words[option].text and not _is_unknown(item, option, flags.options[option].text):
            message = f"`{shown(value.text, 100)}` has no effect: `{shown(flags.words[option].text, 100)}` comes later"
            yield Found(item.subject, message, value.spot, "", Severity.LOW)

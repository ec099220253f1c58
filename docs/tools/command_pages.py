"""A page for each command, from the command line itself: every option with its help."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from docs.tools.markdown import block, code, prose, table
from edgegen.cli.app import COMMANDS, load_command
from edgegen.core.errors import MEANINGS

OF_EVERY_COMMAND = ("directory", "environment", "json", "quiet", "verbose")


def command_pages() -> Iterator[tuple[str, str]]:
    """Path and text of each, the list first."""
    yield "reference/commands/index.md", _list()
    for name in COMMANDS:
        yield f"reference/commands/{name}.md", _page(name)


def _list() -> str:
    rows = ([f"[edgegen {name}]({name}.md)", prose(line)] for name, line in COMMANDS.items())
    render = load_command("render")
    context = render.make_context("render", [], resilient_parsing=True)
    exits = ((code(str(number)), prose(meaning)) for number, meaning in MEANINGS.items())
    shared = [item.get_help_record(context) for item in render.params if _is_of_every_command(item)]
    return (
        f"# Commands\n\n{table(['command', 'what it does'], rows)}\n"
        f"## Options of every command\n\n{_table('option', shared)}\n"
        "Write them after the command: `edgegen render -C DIR`. Results go to standard output, everything else to "
        "standard error. "
        "There is colour only on a terminal, and never with `NO_COLOR`.\n\n"
        f"## Exit codes\n\n{table(['code', 'meaning'], exits)}"
    )


def _page(name: str) -> str:
    command = load_command(name)
    parts = [f"# edgegen {name}\n", *_parts(command, ("edgegen", name), top=True)]
    return "\n".join(parts)


def _parts(command: Any, path: tuple[str, ...], *, top: bool) -> Iterator[str]:
    """A command, or each command of a group."""
    if not top:
        yield f"## {' '.join(path)}\n"
    yield prose(_help(command)) + "\n"
    commands = getattr(command, "commands", None)
    if commands is None:
        yield from _of_one(command, path)
        return
    if top:
        yield table(["command", "what it does"], (_row(words, item) for words, item in leaves(command, path)))
    for name, item in commands.items():
        yield from _parts(item, (*path, name), top=False)


def leaves(command: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """The commands of a group that do something."""
    for name, item in command.commands.items():
        if hasattr(item, "commands"):
            yield from leaves(item, (*path, name))
        else:
            yield (*path, name), item


def _row(path: tuple[str, ...], command: Any) -> list[str]:
    anchor = "-".join(path)
    return [f"[{' '.join(path)}](#{anchor})", prose(_help(command).partition("\n\n")[0])]


def _of_one(command: Any, path: tuple[str, ...]) -> Iterator[str]:
    """How it is called, its arguments, and its own options."""
    context = command.make_context(path[-1], [], resilient_parsing=True)
    yield block("text", " ".join([*path, *command.collect_usage_pieces(context)]))
    records = [(item, item.get_help_record(context)) for item in command.params if not item.hidden]
    arguments = [record for item, record in records if item.param_type_name == "argument" and record]
    options = [
        record for item, record in records if item.param_type_name == "option" and not _is_of_every_command(item)
    ]
    yield from filter(None, (_table("argument", arguments), _table("option", options)))
    yield "[Options of every command](index.md#options-of-every-command)\n"


def _table(head: str, records: list[tuple[str, str]]) -> str:
    """What Typer prints of each, as a table; "" without any."""
    rows = [[_spelt(name), prose(meaning)] for name, meaning in records]
    return table([head, "meaning"], rows) if rows else ""


def _spelt(name: str) -> str:
    """Each way to write it in a code span."""
    return ", ".join(code(way) for way in name.split(", "))


def _is_of_every_command(item: Any) -> bool:
    return item.name in OF_EVERY_COMMAND and "--dir" not in item.opts


def _help(command: Any) -> str:
    return (command.help or "").partition("\f")[0].strip()

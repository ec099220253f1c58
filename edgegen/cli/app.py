"""The command line's root: commands are loaded when they are called, and one handler turns errors into exit codes."""

from __future__ import annotations

import contextlib
import importlib
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperGroup

from edgegen.cli.commands import expanded
from edgegen.cli.plain_values import without_adapters
from edgegen.core.errors import BugError, EdgegenError, UsageError

if TYPE_CHECKING:
    from edgegen.system.hearing import Hearing
    from edgegen.system.stop import Interrupted
    from edgegen.system.waiting import Missing

COMMANDS: dict[str, str] = {
    "init": "Write a starter project: edge.yaml and everything rendered from it.",
    "add": "Add a service to edge.yaml: from a template, or from an image.",
    "render": "Render the Compose or stack file and everything that belongs to it.",
    "up": "Render, check this host, start the stack, and wait for its health.",
    "down": "Stop the stack. Certificates, volumes and networks stay.",
    "status": "Show the stack's services and their health.",
    "logs": "Show the stack's logs.",
    "registry": "Manage the users of a private registry, and log in to it.",
    "auth": "Manage the users of basic-auth middlewares in edge.yaml.",
    "dns": "Keep DNS records in step with edge.yaml.",
    "verify": "Check the edge from the outside and report what is wrong.",
    "explain": "Trace a URL to its container and show where it breaks.",
    "graph": "Draw hosts, routers, middlewares, services and networks.",
    "lint": "Find the silent faults of a stack, whoever wrote it.",
    "cert": "List certificates: stored, sent, and how much of their lifetime is left.",
    "doctor": "Check this machine: engine, ports, clock, DNS, token, disk.",
    "swarm": "Make a swarm of several hosts, and look after its nodes.",
    "rules": "List the rules and checks with their ids.",
    "rule": "Explain one rule or check.",
    "schema": "Print the JSON Schema of edge.yaml.",
}
"""Name, which is its module's too -> its line of help."""
OF_EVERY_COMMAND = ("-C", "--directory", "-e", "--environment", "--json", "-q", "--quiet", "-v", "--verbose")
_NOT_WHOLE = "Input should be a valid integer, unable to parse string as an integer"
COMPLETING = "_EDGEGEN_COMPLETE"
"""The variable by which a shell's completion asks."""


class _Stopped(BaseException):
    """An interrupt that Typer must not see: it would turn it into a silent exit."""


class LazyGroup(TyperGroup):
    """Knows its commands by name and one line of help; imports a command's module when it is called."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002  # the parent's signature
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002  # the parent's signature
        return load_command(cmd_name) if cmd_name in COMMANDS else None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            raise _unknown_command(name)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as stop:
            raise _Stopped from stop

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002  # the parent's signature
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _unknown_command(name: str) -> UsageError:
    from edgegen.core.suggest import did_you_mean

    return UsageError(f"there is no command `{name[:60]}`", hint=did_you_mean(name, COMMANDS, "see `edgegen --help`"))


def load_command(name: str) -> Any:
    """The command behind a name: its module has an `app` with subcommands, or a function of the same name."""
    module = importlib.import_module(f"edgegen.cli.{name}")
    app = getattr(module, "app", None)
    if app is None:
        app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
        app.command(name, help=getattr(module, name).__doc__ or COMMANDS[name])(expanded(getattr(module, name)))
    command = typer.main.get_command(app)
    command.name = name
    without_adapters(command)
    return command


app = typer.Typer(
    cls=LazyGroup,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


_FOLDERS = ("-C", "--dir", "--directory")
"""Options that name the project's folder."""
_EPILOG = """
Begin with `edgegen init registry r.example.com`, or with `edgegen lint` in the folder of a stack that you have.

Exit: 0 done · 1 no · 2 usage · 3 refused · 4, 5 external failure · 6 locked · 7 local files.
"""


@app.callback(epilog=_EPILOG)
def main(version: bool = typer.Option(False, "--version", help="Show the version; with --json, as an object.")) -> None:
    """One typed file, edge.yaml, becomes a running, authenticated, TLS-protected edge."""


def run(argv: Sequence[str]) -> int:
    """Run a command line; gives the exit code. Never raises, never shows a traceback."""
    from edgegen.system.hearing import Hearing

    hearing = Hearing()
    try:
        return _heard(argv, hearing)
    finally:
        hearing.leave()


def _heard(argv: Sequence[str], hearing: Hearing) -> int:
    try:
        try:
            hearing.begin()
            _prepare_streams()
            _show_waiting()
            code = _dispatch(list(argv))
            if hearing.heard is not None:  # Typer makes an exit code of it, where it reads the options
                raise hearing.heard
        finally:
            hearing.end()
    except EdgegenError as error:
        return _failed(argv, error)
    except OSError as error:
        known = _of_a_path(error)
        return _failed(argv, known) if known else _bug(argv, error)
    except (_Stopped, KeyboardInterrupt, typer.Abort) as stop:
        return _stopped(argv, stop, hearing.heard)
    except Exception as error:  # noqa: BLE001  # the one place that turns a bug into a report
        from edgegen.system.stop import is_disguised

        return _stopped(argv, error, hearing.heard) if is_disguised(error) else _bug(argv, error)
    return code


def _dispatch(argv: list[str]) -> int:
    if "--version" in argv:
        from edgegen.cli.version import say

        return say(argv)
    from edgegen.cli.console import Console, flush, not_written

    Console.has_object = False
    _refuse_empty_folder(argv)
    command = typer.main.get_command(app)
    without_adapters(command)
    if COMPLETING in os.environ:
        from edgegen.cli.complete import with_urls_in_bash, without_rich

        without_rich()
        with_urls_in_bash()
    elif argv[:1] in (["--install-completion"], ["--show-completion"]):
        from edgegen.cli.complete_in import is_for_a_shell

        if is_for_a_shell(COMPLETING, *argv):
            return 0
    try:
        result = command.main(args=argv, prog_name="edgegen", standalone_mode=False)
        flush()
    except typer.Exit as leave:
        return int(leave.exit_code)
    except SystemExit as leave:
        # Typer's own: its answer to fish, or the reader of its help has gone (`| head`).
        return int(bool(leave.code)) if COMPLETING in os.environ else 0
    except OSError as error:
        if argv[:1] == ["--install-completion"]:
            from edgegen.cli.complete_in import not_installed

            raise not_installed(error) from error
        if not _is_typers_output(error):
            raise
        raise not_written(error) from None
    except Exception as error:
        # Typer's own usage errors: known by what they can do, since their class has moved between its versions.
        if not hasattr(error, "format_message") or not hasattr(error, "exit_code"):
            raise
        if type(error).__name__ == "NoArgsIsHelpError":
            error.show()  # type: ignore[attr-defined]  # the help itself
            return int(error.exit_code)
        raise _usage_error(error, command, argv) from None
    return result if isinstance(result, int) else 0


def _refuse_empty_folder(argv: Sequence[str]) -> None:
    """A script's variable that is not set must not mean the folder where the script runs. As a path, both are `.`."""
    given = [tuple(word.split("=", 1)) for word in argv if "=" in word]
    for option, value in (*pairwise(argv), *given):
        if option in _FOLDERS and not value:
            raise UsageError(f"{option}: the value is empty", hint=f"leave {option} out for the current folder")


def _is_typers_output(error: OSError) -> bool:
    """Whether Typer failed to write its help or its completion: both end in its `echo`."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return trace is not None and trace.tb_frame.f_code.co_name == "echo"


def _usage_error(error: Any, root: Any, argv: Sequence[str]) -> UsageError:
    """Typer's message in edgegen's form: one sentence, one hint."""
    words = getattr(getattr(error, "ctx", None), "command_path", None) or _command_path(root, argv)
    sentence, _, meant = str(error.format_message()).partition(" Did you mean ")
    sentence = sentence.partition(" (Possible")[0].rstrip(".").replace("Value error, ", "")
    sentence = sentence.replace(_NOT_WHOLE, "a whole number is expected")
    near = [*(getattr(error, "possibilities", None) or []), *([meant.strip("'?")] if meant else [])]
    if words == "edgegen" and getattr(error, "option_name", "") in OF_EVERY_COMMAND:
        hint = f"write it after the command, like `edgegen render {getattr(error, 'option_name', '')}`"
    else:
        hint = f"did you mean `{near[0]}`?" if near else f"see `{words} --help`"
    return UsageError(sentence[:1].lower() + sentence[1:], hint=hint)


def _command_path(command: Any, argv: Sequence[str]) -> str:
    """The command that the line begins with, where Typer does not say: `edgegen registry user add`."""
    path = ["edgegen"]
    for word in argv:
        command = command.get_command(None, word) if hasattr(command, "get_command") else None
        if command is None:
            break
        path.append(word)
    return " ".join(path)


def _prepare_streams() -> None:
    """A closed stream silently discards everything; characters that the encoding lacks are escaped."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123 - as long as we run
        with contextlib.suppress(AttributeError, ValueError):
            getattr(sys, name).reconfigure(errors="backslashreplace")


def _show_waiting() -> None:
    """What shows it is loaded when there is something to wait for."""
    from edgegen.system.waiting import shown_by

    def working(words: str) -> AbstractContextManager[None]:
        from edgegen.cli import progress

        return progress.working(words)

    def countdown() -> AbstractContextManager[Missing]:
        from edgegen.cli import progress

        return progress.countdown()

    shown_by(working, countdown)


def _stopped(argv: Sequence[str], stop: BaseException, heard: Interrupted | None = None) -> int:
    """One line: whether anything was changed, and what to do about it."""
    from edgegen.cli.console import to_stderr
    from edgegen.core.errors import MEANINGS
    from edgegen.system.stop import EXIT_CODES, words_of

    code = EXIT_CODES[getattr(stop.__cause__ or stop, "signal", heard.signal if heard else signal.SIGINT)]
    said = f"{MEANINGS[code]}: {words_of(stop, 'nothing was changed')}"
    to_stderr(f"{said}\n")
    _as_json(argv, code, said)
    return code


def _failed(argv: Sequence[str], error: EdgegenError) -> int:
    from edgegen.cli.console import json_error, show_error

    show_error(error)
    if "--json" in argv:
        json_error(_command_name(argv), error)
    return error.exit_code


def _is_somewhere() -> bool:
    """Whether the current folder still exists."""
    with contextlib.suppress(OSError):
        os.getcwd()  # noqa: PTH109  # pathlib is not loaded otherwise
        return True
    return False


def _of_a_path(error: OSError) -> EdgegenError | None:
    from edgegen.core.errors import LocalIOError
    from edgegen.system.os_errors import of_a_path

    if isinstance(error, FileNotFoundError) and not _is_somewhere():
        return LocalIOError("the current folder no longer exists", hint="`cd` to a folder that exists")
    return of_a_path(error)


def _command_name(argv: Sequence[str]) -> str:
    at = next((at for at, word in enumerate(argv) if word in COMMANDS), len(argv))
    return _command_path(typer.main.get_command(app), argv[at:]).removeprefix("edgegen").strip()


def _as_json(argv: Sequence[str], code: int, said: str) -> None:
    """What ended a command before its result, as its JSON object; who reads only that learns it there."""
    from edgegen.cli.console import Console, json_failure

    if "--json" in argv and not Console.has_object:
        problem = {"message": said, "where": None, "path": "", "hint": ""}
        with contextlib.suppress(EdgegenError):
            json_failure(_command_name(argv), code, [problem])


def _bug(argv: Sequence[str], error: Exception) -> int:
    """A report for an issue: where it happened, without values, because they could be secret."""
    import platform
    import traceback

    from edgegen import __version__

    frames = traceback.extract_tb(error.__traceback__)
    # The path inside the package is enough, and says nothing about this machine.
    where = [f"  {_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames[-8:]]
    lines = [
        f"error[{BugError.exit_code}]: edgegen has a bug: {type(error).__name__}. Please report it with these lines:",
        f"  edgegen {__version__}, Python {platform.python_version()}, {platform.system()}",
        *where,
    ]
    sys.stderr.write("\n".join(lines) + "\n")
    _as_json(argv, BugError.exit_code, "\n".join(line.strip() for line in lines))
    return BugError.exit_code


def _short(file: str) -> str:
    parts = file.replace("\\", "/").split("/")
    for mark in ("edgegen", "site-packages"):
        if mark in parts:
            return "/".join(parts[len(parts) - 1 - parts[::-1].index(mark) :])
    return parts[-1]

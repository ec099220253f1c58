"""`--install-completion SHELL`: Typer finds out which shell calls it, and silently ignores one that is named."""

from __future__ import annotations

import os

from edgegen.core.errors import LocalIOError, UsageError

_HINT = "`edgegen --show-completion SHELL` prints it, to be saved where your shell looks; or set HOME to your folder"
SHELLS = ("bash", "zsh", "fish", "powershell", "pwsh")


def is_for_a_shell(variable: str, option: str, *words: str) -> bool:
    """Do for the shell that is named what the option does for the current one; False where none is named, and Typer
    does it. `variable` asks edgegen to complete."""
    if option == "--install-completion":
        _refuse_empty_home()
    if words:
        _for_a_shell(variable, option, *words)
    return bool(words)


def _for_a_shell(variable: str, option: str, shell: str, *more: str) -> None:
    if more or shell not in SHELLS:
        wrong = more[0] if more else shell
        raise UsageError(f"`{wrong}` is not a shell that {option} knows", hint=f"shells are {', '.join(SHELLS)}")
    import typer
    from typer._completion_shared import get_completion_script, install

    if option == "--show-completion":
        typer.echo(get_completion_script(prog_name="edgegen", complete_var=variable, shell=shell))
        return
    try:
        _, path = install(shell=shell, prog_name="edgegen", complete_var=variable)
    except OSError as error:
        raise not_installed(error) from error
    typer.echo(f"{shell} completion installed in {path}\nCompletion will take effect once you restart the terminal")


def _refuse_empty_home() -> None:
    """Raise LocalIOError for a HOME that is set to nothing: the script would go to the root of the file system."""
    if os.environ.get("HOME") == "":
        raise LocalIOError("the completion can't be installed: HOME is empty", hint=_HINT)


def not_installed(error: OSError) -> LocalIOError:
    """What kept the script from its place: a home that is not there, or one that can't be written to."""
    from edgegen.system.os_errors import cause

    where = f"{error.filename}: " if error.filename else ""
    return LocalIOError(f"the completion can't be installed: {where}{cause(error)}", hint=_HINT)

"""`edgegen lint [FILE…]`: find the silent faults of a stack."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from edgegen.cli.console import Console, json_result, note, out
from edgegen.cli.options import HERE, Directory, Environment, Json, Quiet, Verbose
from edgegen.cli.progress import working
from edgegen.core.errors import UsageError
from edgegen.core.plural import plural

if TYPE_CHECKING:
    from edgegen.lint.answer import Answer
    from edgegen.project.asking import Asking
    from edgegen.project.lint_answer import Choice
    from edgegen.project.lint_fix import Fixed
    from edgegen.project.lint_upgrade import Upgrading
    from edgegen.traefik.version import Version

Form = Literal["text", "github", "sarif", "junit"]
FailOn = Literal["critical", "high", "medium", "low", "info", "never"]

Files = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="FILE",
        help="Compose, stack or Traefik files; by default what Compose would take, or edge.yaml and what was rendered.",
    ),
]
Together = Annotated[
    list[str] | None,
    typer.Option("-f", "--file", metavar="FILE", help="Files of one project, laid over each other; may be repeated."),
]
Format = Annotated[Form, typer.Option("--format", help="Output format; github prints annotations.")]
Fix = Annotated[bool, typer.Option("--fix", help="Change the files where the fix is certain.")]
Diff = Annotated[bool, typer.Option("--diff", help="Show what --fix would change; write nothing.")]
FailOnOption = Annotated[
    FailOn, typer.Option("--fail-on", metavar="SEVERITY", help="Exit 1 from this severity on; `never` for 0.")
]
Strict = Annotated[bool, typer.Option("--strict", help="Exit 4 if something could not be seen.")]
TraefikVersion = Annotated[
    str | None,
    typer.Option("--traefik-version", metavar="V", help="Judge for this Traefik, e.g. 3.6; by default the image's."),
]
Config = Annotated[
    Path | None, typer.Option("--config", metavar="FILE", help="Read this instead of .edgegen-lint.yml.")
]
WithTraefik = Annotated[
    bool, typer.Option("--with-traefik", help="Ask the real Traefik too, on the loopback; exit 4 if it can't be asked.")
]
Upgrade = Annotated[
    str | None,
    typer.Option("--upgrade", metavar="V", help="Report what changes on the way to this Traefik, e.g. 3.7."),
]
Init = Annotated[bool, typer.Option("--init", help="Write .edgegen-lint.yml with today's findings as its baseline.")]


def lint(
    files: Files = None,
    together: Together = None,
    form: Format = "text",
    fix: Fix = False,
    diff: Diff = False,
    fail_on: FailOnOption = "medium",
    strict: Strict = False,
    version: TraefikVersion = None,
    config: Config = None,
    init: Init = False,
    with_traefik: WithTraefik = False,
    upgrade: Upgrade = None,
    directory: Directory = HERE,
    environment: Environment = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Find the silent faults of a stack: labels, flags and files that Traefik drops, ignores or misreads.

    Exit 0: nothing at or above --fail-on. 1: findings. 4: with --strict, something could not be seen, or with
    --with-traefik, Traefik could not be asked.
    A line `# edgegen: ignore[EL001] reason` suppresses a finding; `edgegen rule EL001` explains one.
    """
    from edgegen.project.lint_answer import Choice, config_of, look

    _check_options(files, together, form, fix=fix or diff, init=init, json=json)
    started = time.monotonic()
    choice = Choice(
        tuple(files or ()), tuple(together or ()), directory, environment, _version(version), fail_on, strict, config,
        **_judge(upgrade),
    )  # fmt: skip
    settings = config_of(choice)
    asking = _asking() if with_traefik and (diff or not fix) else None
    with working("reading the files"):
        looked = look(choice, settings, more=asking)
    if init:
        return _init(choice, looked.answer)
    if diff or fix:
        from edgegen.project.lint_answer import with_fixed
        from edgegen.project.lint_fix import fixed

        with working("trying the fixes"):
            result = fixed(choice, settings, looked)
        if diff:
            return _code(_show_diff(result, looked.answer, json=json), asking)
        result.write()
        asking = _asking() if with_traefik else None
        looked = look(choice, settings, more=asking) if asking else result.looked
        answer = with_fixed(looked.answer, result.count)
    else:
        answer = looked.answer
    _show(answer, "json" if json else form, time.monotonic() - started)
    return _code(answer.exit_code, asking)


def _code(code: int, asking: Asking | None) -> int:
    """The exit code, after who was asked."""
    for line in asking.notes if asking else ():
        note(line)
    return code if asking is None or asking.could_ask else 4


def _asking() -> Asking:
    from edgegen.project.asking import Asking

    return Asking()


def _judge(upgrade: str | None) -> dict[str, Upgrading]:
    """What finds things: the rules unless the way to another Traefik is asked for."""
    goal = _version(upgrade, "--upgrade")
    if goal is None:
        return {}
    from edgegen.project.lint_upgrade import Upgrading

    return {"judge": Upgrading(goal)}


def _check_options(
    files: list[str] | None, together: list[str] | None, form: str, *, fix: bool, init: bool, json: bool
) -> None:
    if json and form != "text":
        raise UsageError(f"--json and --format {form} are two formats of one output", hint="leave one of them out")
    if files and together:
        raise UsageError("FILE and -f are two ways to name files", hint="for one project of several files use -f")
    if fix and init:
        raise UsageError("--init accepts the findings, and --fix fixes them", hint="run --fix first, then --init")


def _version(text: str | None, option: str = "--traefik-version") -> Version | None:
    if text is None:
        return None
    from edgegen.traefik.version import version_of

    found = version_of(f"traefik:{text}")
    if found is None:
        raise UsageError(f"{option} {text[:40]}: this is not a version of Traefik", hint="write it like 3.6")
    return found


def _init(choice: Choice, answer: Answer) -> int:
    from edgegen.lint.suppression.config import CONFIG_FILE
    from edgegen.project.lint_baseline import write_baseline

    count = write_baseline(choice.folder, answer)
    if Console.as_json:
        json_result("lint", True, baseline=count, file=CONFIG_FILE)
    else:
        note(f"wrote {choice.folder / CONFIG_FILE}: {count} {plural(count, 'finding')} in its baseline")
    return 0


def _show_diff(result: Fixed, answer: Answer, *, json: bool) -> int:
    """What would change, as a unified diff without secrets; the findings decide the exit code as ever."""
    from edgegen.cli.report.lint.json import body
    from edgegen.core.redact import redacted_line
    from edgegen.files.difference import unified

    lines = [
        redacted_line(line)
        for path, after in result.after.items()
        for line in unified(result.names[path], result.before[path], after, sides=("now", "fixed"))
    ]
    if json:
        json_result("lint", not answer.is_bad, **{**body(answer), "diff": "\n".join(lines)})
    elif lines:
        out("\n".join(lines))
    if not json:
        note(f"--fix would fix {result.count} of {len(answer.findings)} findings")
    return answer.exit_code


def _show(answer: Answer, form: Form | Literal["json"], seconds: float) -> None:
    if form == "json":
        from edgegen.cli.report.lint.json import body

        json_result("lint", not answer.is_bad, **body(answer))
    elif form == "github":
        from edgegen.cli.report.lint.github import github

        out(github(answer))
    elif form == "sarif":
        from edgegen import __version__
        from edgegen.cli.report.lint.sarif import sarif
        from edgegen.project.lint_answer import pages

        out(sarif(answer, pages(), __version__))
    elif form == "junit":
        from edgegen.cli.report.lint.junit import junit

        out(junit(answer, f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S}", seconds))
    else:
        from edgegen.cli.report.lint.text import Look, text
        from edgegen.cli.screen import screen

        out(text(answer, Look(Console.verbose, screen())))

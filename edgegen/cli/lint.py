"""`edgegen lint [FILE…]`: find the silent faults of a stack."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from edgegen.cli.console import Console, json_result, note, out
from edgegen.cli.lint_options import Form, Wanted
from edgegen.cli.options import Printing, Project
from edgegen.cli.progress import working
from edgegen.core.plural import plural

if TYPE_CHECKING:
    from edgegen.lint.answer import Answer
    from edgegen.lint.suppression.config import Config
    from edgegen.project.asking import Asking
    from edgegen.project.lint_answer import Choice, Looked
    from edgegen.project.lint_fix import Fixed


def lint(wanted: Wanted, project: Project, printing: Printing) -> int:
    """Find the silent faults of a stack: labels, flags and files that Traefik drops, ignores or misreads.

    Examples: `edgegen lint`, `edgegen lint compose.yaml --fix`, `edgegen lint a/compose.yaml b/compose.yaml`

    Exit 0: nothing at or above --fail-on. 1: findings. 4: with --strict, something could not be seen, or with
    --with-traefik, Traefik could not be asked.
    A line `# edgegen: ignore[EL001] reason` suppresses a finding; `edgegen rule EL001` explains one.
    """
    from edgegen.project.lint_answer import config_of, look

    wanted.check(as_json=printing.json)
    started = time.monotonic()
    choice = wanted.choice(project)
    settings = config_of(choice)
    asking = _asking() if wanted.with_traefik and (wanted.diff or not wanted.fix) else None
    with working("reading the files"):
        looked = look(choice, settings, more=asking)
    if wanted.init:
        return _init(choice, looked.answer)
    if wanted.diff:
        return _code(_show_diff(_fixed(choice, settings, looked), looked.answer, as_json=printing.json), asking)
    answer = looked.answer
    if wanted.fix:
        asking = _asking() if wanted.with_traefik else None
        answer = _fix(choice, settings, looked, asking)
    _show(answer, "json" if printing.json else wanted.form, time.monotonic() - started)
    if not (printing.json or choice.files or choice.together or settings.files):
        _note_others(choice, looked)
    return _code(answer.exit_code, asking)


def _note_others(choice: Choice, looked: Looked) -> None:
    """A `docker-compose.prod.yml` counts only where it is named."""
    from edgegen.project.lint import passed_over
    from edgegen.project.lint_spec import has_spec

    others = passed_over(choice.folder, looked.projects)
    if others and not has_spec(choice.folder):
        names = f"{', '.join(others[:3])}{', …' * (len(others) > 3)}"
        base = looked.projects[0].files[0].path
        note(f"skipped: {names}. `edgegen lint {others[0]}`, or over {base}: `-f {base} -f {others[0]}`")


def _fixed(choice: Choice, settings: Config, looked: Looked) -> Fixed:
    from edgegen.project.lint_fix import fixed

    with working("trying the fixes"):
        return fixed(choice, settings, looked)


def _fix(choice: Choice, settings: Config, looked: Looked, asking: Asking | None) -> Answer:
    """What is found once the files are fixed; only now is the real Traefik asked."""
    from edgegen.project.lint_answer import look, with_fixed

    result = _fixed(choice, settings, looked)
    result.write()
    after = look(choice, settings, more=asking) if asking else result.looked
    return with_fixed(after.answer, result.count)


def _code(code: int, asking: Asking | None) -> int:
    """The exit code, after who was asked."""
    for line in asking.notes if asking else ():
        note(line)
    return code if asking is None or asking.could_ask else 4


def _asking() -> Asking:
    from edgegen.project.asking import Asking

    return Asking()


def _init(choice: Choice, answer: Answer) -> int:
    from edgegen.lint.suppression.config import CONFIG_FILE
    from edgegen.project.lint_baseline import write_baseline

    count = write_baseline(choice.folder, answer)
    if Console.as_json:
        json_result("lint", True, baseline=count, file=CONFIG_FILE)
    else:
        note(f"wrote {choice.folder / CONFIG_FILE}: {count} {plural(count, 'finding')} in its baseline")
    return 0


def _show_diff(result: Fixed, answer: Answer, *, as_json: bool) -> int:
    """What would change, as a unified diff without secrets; the findings decide the exit code as ever."""
    from edgegen.cli.report.lint.json import body
    from edgegen.core.redact import redacted_line
    from edgegen.files.difference import unified

    lines = [
        redacted_line(line)
        for path, after in result.after.items()
        for line in unified(result.names[path], result.before[path], after, sides=("now", "fixed"))
    ]
    if as_json:
        json_result("lint", not answer.is_bad, **{**body(answer), "diff": "\n".join(lines)})
    elif lines:
        out("\n".join(lines))
    if not as_json:
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
        from edgegen.cli.report.lint.text import text
        from edgegen.cli.screen import Look, screen

        out(text(answer, Look(Console.verbose, screen())))

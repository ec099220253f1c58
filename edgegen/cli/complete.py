"""What the shell offers after Tab: names out of edge.yaml, templates, ids. A command's options name these functions."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import typer

from edgegen.cli.shell_words import line_of

Named = tuple[str, str]


def environment(ctx: typer.Context) -> list[Named]:
    from edgegen.project.completions import environments

    return environments(_folder(ctx))


def service(ctx: typer.Context) -> list[Named]:
    from edgegen.project.completions import services

    return services(_folder(ctx), _environment(ctx))


def service_or_host(ctx: typer.Context) -> list[Named]:
    from edgegen.project.completions import hosts, services

    where = _folder(ctx), _environment(ctx)
    return [*services(*where), *hosts(*where)]


def url(ctx: typer.Context) -> list[Named]:
    from edgegen.project.completions import hosts

    return [(f"https://{host}", name) for host, name in hosts(_folder(ctx), _environment(ctx))]


def user(ctx: typer.Context) -> list[Named]:
    from edgegen.project.completions import users

    return users(_folder(ctx), _environment(ctx))


def registry(ctx: typer.Context) -> list[Named]:
    from edgegen.project.completions import registries

    return registries(_folder(ctx), _environment(ctx))


def tool() -> list[str]:
    from edgegen.project.registry_login import tools

    return tools()


def template() -> list[Named]:
    from edgegen.render.starters import starters

    return [(item.name, item.about) for item in starters()]


def target() -> list[str]:
    from edgegen.target_names import TARGETS

    return list(TARGETS)


def rule(incomplete: str) -> list[Named]:
    """Ids as they are typed, in small letters or large; names once a word is begun."""
    from edgegen.project.rule_ids import rule_ids

    ids = [(number.lower() if incomplete.islower() else number, title) for number, _, title in rule_ids()]
    return [*ids, *((name, title) for _, name, title in rule_ids() if incomplete)]


def without_rich() -> None:
    """For zsh and fish, Typer would load rich to take markup out of descriptions that have none."""
    with suppress(ImportError):
        from typer import _completion_classes as typers

        if hasattr(typers, "_sanitize_help_text"):  # a name of Typer's own inside: without it, rich is loaded
            typers._sanitize_help_text = lambda text: text


def with_urls_in_bash() -> None:
    """Typer's class for Bash knows nothing of the places where Bash breaks words."""
    with suppress(ImportError, AttributeError):
        from typer._completion_classes import BashComplete

        inherited = BashComplete.get_completion_args, BashComplete.format_completion
        kept = ""

        def arguments(self: Any) -> tuple[list[str], str]:
            nonlocal kept
            before, word = inherited[0](self)
            line = line_of(before, word)
            kept = line.kept
            return line.before, line.word

        def shown(self: Any, item: Any) -> str:
            return inherited[1](self, item).removeprefix(kept)

        BashComplete.get_completion_args = arguments  # type: ignore[method-assign]
        BashComplete.format_completion = shown  # type: ignore[method-assign]


def _folder(ctx: typer.Context) -> Path:
    return Path(ctx.params.get("directory") or ".")


def _environment(ctx: typer.Context) -> str | None:
    return ctx.params.get("environment")

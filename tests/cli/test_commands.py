"""Groups of options: in `--help`, in the command line, and as the values that a command gets."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import pytest
import typer
from msgspec import Struct

from edgegen.cli.commands import Commands, expanded
from edgegen.cli.plain_values import without_adapters


class Where(Struct, frozen=True):
    name: Annotated[str, typer.Argument(help="Which one.")]
    folder: Annotated[Path, typer.Option("--folder", help="Where it is.")] = Path("here")
    tags: Annotated[list[str] | None, typer.Option("--tag", help="Its tags.")] = None


class Louder(Where, frozen=True):
    loud: Annotated[bool, typer.Option("--loud", help="Say more.")] = False


def act(
    first: Annotated[bool, typer.Option("--first", help="Comes first.")] = False,
    *,
    where: Louder,
    last: Annotated[int, typer.Option("--last", help="Comes last.")] = 3,
) -> int:
    """Act on one."""
    SEEN.append((first, where, last))
    return 7


def other() -> int:
    return 0


SEEN: list[Any] = []


def called(*words: str) -> Any:
    SEEN.clear()
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    app.command()(expanded(act))
    assert typer.main.get_command(app).main(args=list(words), standalone_mode=False) == 7
    (seen,) = SEEN
    return seen


def test_a_group_gets_its_options() -> None:
    got = called("web", "--folder", "there", "--tag", "a", "--tag", "b", "--loud", "--last", "5")
    assert got == (False, Louder("web", Path("there"), ["a", "b"], loud=True), 5)


def test_a_group_has_its_defaults() -> None:
    assert called("--first", "web") == (True, Louder("web", Path("here"), None, loud=False), 3)


def test_what_has_no_default_is_required() -> None:
    with pytest.raises(Exception, match="parameter: name"):  # its class has moved between versions of Typer
        called()


def test_options_are_in_the_order_of_the_parameters_and_fields(capsys: pytest.CaptureFixture[str]) -> None:
    app = Commands("Several.")
    app.command("act")(act)
    app.command("other")(other)  # with only one command, its name would not be a word
    command: Any = typer.main.get_command(app)
    assert [item.name for item in command.commands["act"].params] == ["first", "name", "folder", "tags", "loud", "last"]
    with pytest.raises(SystemExit):
        command.main(args=["act", "--help"])
    text = capsys.readouterr().out
    assert "Act on one." in text
    places = [text.index(option) for option in ("--first", "--folder", "--tag", "--loud", "--last")]
    assert places == sorted(places)


def test_an_argument_is_shown_without_its_type(capsys: pytest.CaptureFixture[str]) -> None:
    app = Commands("Several.")
    app.command("act")(act)
    app.command("other")(other)
    command: Any = typer.main.get_command(app)
    without_adapters(command)
    with pytest.raises(SystemExit):
        command.main(args=["act", "--help"])
    assert "  name  Which one." in capsys.readouterr().out


def test_a_list_of_subcommands_has_whole_sentences(capsys: pytest.CaptureFixture[str]) -> None:
    sentence = "Show what is wanted, what is there, and what the difference between the two of them is."

    def long() -> int:
        return 0

    long.__doc__ = f"{sentence} Then more."
    app = Commands("Several.")
    app.command("long")(long)
    app.command("other")(other)
    with pytest.raises(SystemExit):
        typer.main.get_command(app).main(args=["--help"])
    text = " ".join(capsys.readouterr().out.split())
    assert sentence in text
    assert "Then more" not in text

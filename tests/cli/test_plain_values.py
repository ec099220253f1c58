"""Texts of the command line pass without pydantic, and arrive as Typer's own way would give them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
import typer

from edgegen.cli.plain_values import without_adapters

HERE = Path()
FINE = ("--strict", "/dev/null")
"""Its default is refused: a line with it shows what the others arrive as."""
LINES: list[list[str]] = [
    [],
    ["--text", "a"],
    ["--text", ""],
    ["--text", "0", "--some", "1", "--some", ""],
    ["--folder", "x/../y"],
    ["--folder", "."],
    ["--folder", ""],
    ["--folder", "/dev/null/below"],
    ["--strict", "/dev"],
    ["--strict", "/dev/null/below"],
    ["--strict", "/dev/null"],
    ["--number", "3"],
    ["--number", "three"],
    ["--choice", "b"],
    ["--choice", "B"],
    ["--choice", "c"],
    [*FINE, "--parsed", "3"],
    [*FINE, "--parsed", "three"],
    [*FINE, "--parsed", ""],
    [*FINE, "--refused", "x"],
    [*FINE, "--word", "a"],
    [*FINE, "--several", "1", "--several", "2"],
    [*FINE, "--several", "1", "--several", "two"],
    [*FINE, "--text", "a", "--some", "1", "--some", "", "--folder", "x/../y", "--choice", "b", "f1", "f2"],
    ["f1", "f2"],
    ["--folder"],
]


def refuse(text: str) -> float:
    """As edgegen's own parsers: an error that is no ValueError goes past Typer."""
    raise OSError(f"no {text}")


def command() -> Any:
    app = typer.Typer(add_completion=False, rich_markup_mode=None)

    @app.command()
    def one(
        files: Annotated[list[str] | None, typer.Argument()] = None,
        text: Annotated[str, typer.Option()] = "default",
        maybe: Annotated[str | None, typer.Option()] = None,
        some: Annotated[list[str] | None, typer.Option()] = None,
        folder: Annotated[Path, typer.Option()] = HERE,
        strict: Annotated[Path, typer.Option(exists=True, dir_okay=False)] = HERE,
        number: Annotated[int, typer.Option()] = 1,
        flag: Annotated[bool, typer.Option()] = False,
        choice: Annotated[Literal["a", "b"], typer.Option()] = "a",
        parsed: Annotated[float, typer.Option(parser=lambda text: float(text) * 2)] = 1.5,
        refused: Annotated[float | None, typer.Option(parser=refuse)] = None,
        word: Annotated[str, typer.Option(parser=lambda text: text.upper())] = "default",
        several: Annotated[list[int] | None, typer.Option(parser=int)] = None,
    ) -> str:
        return repr((files, text, maybe, some, folder, strict, number, flag, choice, parsed, refused, word, several))

    return typer.main.get_command(app)


def outcome(given: Any, line: list[str]) -> str:
    try:
        return str(given.main(args=list(line), standalone_mode=False))
    except Exception as error:
        return f"{type(error).__name__}: {error}"


@pytest.mark.parametrize("line", LINES, ids=" ".join)
def test_a_value_arrives_as_it_would(line: list[str]) -> None:
    mine = command()
    without_adapters(mine)
    assert outcome(mine, line) == outcome(command(), line)


def test_a_path_that_cannot_be_read_is_refused_as_typer_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)
    mine = command()
    without_adapters(mine)
    assert "is not readable" in outcome(mine, ["--folder", "/dev"])


@pytest.mark.slow
def test_a_path_loads_no_pydantic(tmp_path: Path) -> None:
    code = (
        "import sys; from edgegen.cli.app import run; run(sys.argv[1:]);"
        "print('pydantic' in sys.modules, file=sys.stderr)"
    )
    words = ["lint", "--traefik-version", "3.7", "--config", str(tmp_path / "none.yml"), str(tmp_path / "none")]
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=True)
    assert "none.yml" in done.stderr and done.stderr.endswith("\nFalse\n")


def test_a_time_loads_no_pydantic() -> None:
    code = (
        "import sys; from edgegen.cli.app import run; run(sys.argv[1:]);"
        "print('pydantic' in sys.modules, file=sys.stderr)"
    )
    words = ["verify", "--timeout", "5 minutes"]
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=True)
    assert "--timeout 5 minutes: this is not a time" in done.stderr and done.stderr.endswith("\nFalse\n")


def test_the_parameters_of_a_command_are_taken() -> None:
    """Typer's inside may change its names: then this says so, and nothing else breaks."""
    mine = command()
    without_adapters(mine)
    taken = [item.name for item in mine.params if type(getattr(item, "_runtime_param", None)).__name__ == "_Plain"]
    assert taken == [
        "files", "text", "maybe", "some", "folder", "strict", "number", "flag", "choice", "parsed", "refused", "word",
        "several",
    ]  # fmt: skip


@pytest.mark.slow
def test_lint_loads_no_pydantic(tmp_path: Path) -> None:
    (tmp_path / "compose.yml").write_text(
        "services:\n  web:\n    image: nginx:1.27\n    labels: [traefik.enable=true]\n"
    )
    code = (
        "import sys, json; from edgegen.cli.app import run; code = run(['lint', 'compose.yml']);"
        "print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, check=True)
    loaded = json.loads(done.stdout.decode().splitlines()[-1])
    assert not {"pydantic", "jinja2", "requests", "httpx", "cryptography", "tomllib"} & set(loaded)

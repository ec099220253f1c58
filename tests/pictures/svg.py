"""A terminal's screen as an SVG that asks for nothing from elsewhere, and the text of such an SVG."""

from __future__ import annotations

import io
from collections.abc import Sequence
from itertools import groupby
from xml.etree import ElementTree

from pyte.screens import Char
from rich.console import Console
from rich.style import Style
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from tests.pictures.terminal import Row

CELL = 12.2
"""Columns are so wide: rich writes letters of 20 pixels, and 0.61 is its own ratio."""
_FONTS = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace"
_THEME = TerminalTheme(
    (22, 27, 34), (201, 209, 217),
    [(110, 118, 129), (255, 123, 114), (86, 211, 100), (227, 179, 65),
     (121, 192, 255), (210, 168, 255), (86, 212, 221), (201, 209, 217)],
    [(139, 148, 158), (255, 161, 152), (126, 231, 135), (242, 204, 96),
     (165, 214, 255), (226, 197, 255), (179, 240, 255), (255, 255, 255)],
)  # fmt: skip
_FORMAT = """\
<svg class="rich-terminal" role="img" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
    <style>
    .{unique_id}-matrix {{
        font-family: @FONTS@;
        font-size: {char_height}px;
        line-height: {line_height}px;
    }}
    .{unique_id}-title {{ font-size: 16px; font-family: system-ui, sans-serif; }}
    {styles}
    </style>
    <defs>
    {lines}
    </defs>
    {chrome}
    <g transform="translate({terminal_x}, {terminal_y})">
    {backgrounds}
    <g class="{unique_id}-matrix">
    {matrix}
    </g>
    </g>
</svg>
""".replace("@FONTS@", _FONTS)
_NAMES = {"brown": "yellow", "brightbrown": "bright_yellow"}


def svg(title: str, screens: Sequence[tuple[str, Sequence[Row]]], columns: int) -> str:
    """Command lines with a prompt, each with what it showed."""
    console = Console(record=True, width=columns, file=io.StringIO(), color_system="truecolor", force_terminal=True)
    for number, (command, rows) in enumerate(screens):
        if number:
            console.print()
        console.print(Text.assemble(("$ ", "bright_black"), (command, "bold")), overflow="fold", soft_wrap=False)
        for row in rows:
            console.print(_text(row), no_wrap=True, overflow="ignore", crop=False)
    drawn = console.export_svg(title=title, theme=_THEME, code_format=_FORMAT, unique_id=title.replace(" ", "-"))
    return "\n".join(line.rstrip() for line in drawn.splitlines()) + "\n"


def text_of(picture: str) -> str:
    """Every line of it, the prompt included."""
    lines: dict[float, dict[int, str]] = {}
    for item in ElementTree.fromstring(picture).iter("{http://www.w3.org/2000/svg}text"):
        if "textLength" in item.attrib:  # the title has none
            start = round(float(item.attrib["x"]) / CELL)
            lines.setdefault(float(item.attrib["y"]), {})[start] = item.text or ""
    return "\n".join(_joined(lines[y]) for y in sorted(lines))


def _joined(pieces: dict[int, str]) -> str:
    line = ""
    for start in sorted(pieces):
        line = line.ljust(start) + pieces[start].replace("\xa0", " ")
    return line.rstrip()


def _text(row: Row) -> Text:
    text = Text()
    for style, cells in groupby(row, _style):
        text.append("".join(cell.data for cell in cells), style)
    text.rstrip()
    return text


def _style(cell: Char) -> Style:
    return Style(
        color=_colour(cell.fg), bgcolor=_colour(cell.bg), bold=cell.bold, italic=cell.italics,
        underline=cell.underscore, dim=cell.blink, reverse=cell.reverse,
    )  # fmt: skip


def _colour(name: str) -> str | None:
    if name == "default":
        return None
    if name in _NAMES:
        return _NAMES[name]
    if name.startswith("bright"):
        return f"bright_{name.removeprefix('bright')}"
    return f"#{name}" if len(name) == 6 and set(name) <= set("0123456789abcdef") else name

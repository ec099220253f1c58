"""Every value's place is the file and line that won."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping

import pytest

from edgegen.lint.model import Project, Service, Spot
from edgegen.lint.reader.project import read_project
from tests.lint.text_disk import TextDisk

BASE = """\
services:
  web:
    image: nginx:1
    command: >
      --one=1
      --two=2
    labels:
      - "a=base"
      - 'b=base'
      - c=base
    environment:
      A: base
      B: base
    ports: ["80:80", "81:81"]
    extends: {file: far.yml, service: far}
  other:
    <<: &shared
      image: shared
    labels: &labels
      x: "1"
  alias:
    image: y
    labels: *labels
"""
OVER = """\
services:
  web:
    labels:
      b: over
    environment:
      - B=over
      - C=over
    ports:
      - "82:82"
"""
FAR = """\
services:
  far:
    labels:
      far: far
    env_file: far.env
    volumes: ["./data:/data"]
"""
FILES = {"base.yml": BASE, "over.yml": OVER, "far.yml": FAR, "far.env": "# one\nE=env\n  export F='x'\n"}


def read(names: tuple[str, ...] = ("base.yml", "over.yml"), files: Mapping[str, str] = FILES) -> Project:
    return read_project(names, TextDisk({name: textwrap.dedent(text) for name, text in files.items()}), folder="site")


def shown(spot: Spot) -> str:
    """The place, and what stands there."""
    line = spot.file.text.splitlines()[spot.location.line - 1]
    return f"{spot.location} {line[spot.location.column - 1 :]}"


def places(service: Service) -> Iterator[str]:
    for name, value in service.labels.items():
        yield f"{name} {shown(value.spot)}"
    for name, value in service.environment.items():
        if value:
            yield f"{name} {shown(value.spot)}"


def test_labels_and_variables_of_several_files() -> None:
    assert list(places(read().services["web"])) == [
        "far far.yml:4:12 far",
        'a base.yml:8:12 base"',
        "b over.yml:4:10 over",
        "c base.yml:10:11 base",
        "E far.env:2:1 E=env",
        "F far.env:3:10 F='x'",
        "A base.yml:12:10 base",
        "B over.yml:6:11 over",
        "C over.yml:7:11 over",
    ]


def test_the_key_of_a_value() -> None:
    web = read().services["web"]
    assert shown(web.labels["a"].spot.of_key) == 'base.yml:8:9 "a=base"'
    assert shown(web.labels["b"].spot.of_key) == "over.yml:4:7 b: over"
    assert shown(web.environment["A"].spot.of_key) == "base.yml:12:7 A: base"  # type: ignore[union-attr]
    assert shown(web.spot).startswith("over.yml:2:3 web:")


def test_a_flag_in_a_folded_text_is_on_its_own_line() -> None:
    web = read().services["web"]
    assert [shown(word.spot) for word in web.command] == ["base.yml:5:7 --one=1", "base.yml:6:7 --two=2"]


def test_ports_and_mounts_of_several_files() -> None:
    web = read().services["web"]
    assert [str(port.spot.location) for port in web.ports] == ["base.yml:14:13", "base.yml:14:22", "over.yml:9:9"]
    assert [shown(mount.spot) for mount in web.mounts] == ['far.yml:6:15 "./data:/data"]']


def test_what_an_alias_or_a_merge_key_brings_is_where_it_is_written() -> None:
    services = read().services
    assert shown(services["alias"].labels["x"].spot) == 'base.yml:20:10 "1"'
    image = services["other"].image
    assert image is not None and shown(image.spot) == "base.yml:18:14 shared"


def test_a_file_of_a_folder_is_shown_with_it() -> None:
    files = {"compose.yml": "include: [sub/compose.yml]\n", "sub/compose.yml": "services:\n  a: {image: b}\n"}
    assert str(read(("compose.yml",), files).services["a"].spot.location) == "sub/compose.yml:2:3"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_in_an_editor(end: str) -> None:
    text = end.join(["# ä🚀", "services:", "  a:", "    image: ä # x", "    labels: [b=c]", ""])
    service = read(("a.yml",), {"a.yml": text}).services["a"]
    assert str(service.labels["b"].spot.location) == "a.yml:5:16"

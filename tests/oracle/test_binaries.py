"""Which Traefik is asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgegen.core.errors import OutsideError
from edgegen.oracle.binaries import Binary, choose, installed
from edgegen.traefik.version import Version, version_of
from tests.traefik.process import BINARY

HAD = [Binary(Path(text), Version(*map(int, text.split(".")))) for text in ("3.5.3", "3.6.2", "3.6.15", "3.7.15")]


@pytest.mark.parametrize(
    ("image", "asked"),
    [
        ("traefik:v3.6.2", "3.6.2"),
        ("traefik:v3.6.7", "3.6.15"),
        ("traefik:v3.6", "3.6.15"),
        ("traefik:v3", "3.7.15"),
        ("traefik:v3.3", "3.7.15"),
        ("traefik:v2.11", "3.7.15"),
        ("traefik", "3.7.15"),
    ],
)
def test_the_nearest_is_asked(image: str, asked: str) -> None:
    assert str(choose(version_of(image), HAD).path) == asked


def test_without_any_it_is_said_how_to_get_one() -> None:
    with pytest.raises(OutsideError) as caught:
        choose(None, [])
    assert "edgegen[traefik]" in caught.value.problems[0].hint and caught.value.exit_code == 4


def test_the_path_and_the_extra_are_searched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = tmp_path / "traefik-3.6"
    fake.write_text("#!/bin/sh\necho 'Version:      3.6.9'\n")
    fake.chmod(0o755)
    other = tmp_path / "traefik"
    other.write_text("#!/bin/sh\necho something else\n")
    other.chmod(0o755)
    (tmp_path / "traefik-certs-dumper").write_text("#!/bin/sh\nexit 9\n")
    monkeypatch.setenv("PATH", f"{tmp_path}:/nowhere")
    found = {item.path: item.version for item in installed()}
    assert found[fake] == Version(3, 6, 9)
    assert other not in found
    # beside this Python, on the PATH or not
    assert found[BINARY] >= Version(3, 7, 15)

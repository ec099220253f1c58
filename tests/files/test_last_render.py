"""What a folder says about its last render: for which targets, environment and name."""

from __future__ import annotations

from pathlib import Path

from edgegen.files import Output, last_environment, last_render, write_outputs


def test_a_folder_that_was_never_rendered_says_nothing(tmp_path: Path) -> None:
    assert (last_render(tmp_path).targets, last_render(tmp_path).name) == ((), "")
    assert last_environment(tmp_path) is None


def test_a_folder_says_its_owner_and_one_of_before_it_was_kept_does_not(tmp_path: Path) -> None:
    assert last_render(tmp_path).owner is None
    for owner in ("shop-1a", "", None):
        write_outputs(tmp_path, [Output("a", b"a")], spec_hash="", environment=None, version="", owner=owner)
        assert last_render(tmp_path).owner == owner


def test_a_rendered_folder_says_for_what(tmp_path: Path) -> None:
    write_outputs(tmp_path, [Output("a", b"a")], spec_hash="", environment="lab", version="")
    assert last_environment(tmp_path) == "lab"

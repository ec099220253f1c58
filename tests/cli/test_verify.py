"""`edgegen verify` as its user runs it: words, exit codes, formats, files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from edgegen.cli.verify import parse_size
from edgegen.core.errors import UsageError
from edgegen.verify.checks import CHECKS
from tests.conftest import Edgegen

SPEC = """
name: house
services: {web: {image: "w:1", port: 80, host: www.example.com}}
"""


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("1", 1),
        ("1048576", 1048576),
        ("110MB", 110_000_000),
        ("110mb", 110_000_000),
        ("110 MB", 110_000_000),
        ("110M", 110_000_000),
        ("5MiB", 5 * 1024**2),
        ("1.5GiB", 3 * 512 * 1024**2),
        ("64KiB", 65536),
        ("2kB", 2000),
        ("7B", 7),
        ("64GiB", 64 * 1024**3),
    ],
)
def test_sizes(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize(
    "text", ["", "0", "0MB", "-1", "1e9", "MB", "110TB", "110 M B", "65GiB", "٣MB", "1" * 40, "nan"]
)
def test_what_is_no_size(text: str) -> None:
    with pytest.raises(UsageError, match="--push-size"):
        parse_size(text)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["http://www.example.com"], "https://www.example.com"),
        (["https://ci:canary@r.example.com"], "no password"),
        (["https://localhost"], "no dot"),
        (["www.example.org"], "https://www.example.org"),
        (["wbe"], "Did you mean `web`?"),
        (["--push-size", "x", "https://r.example.com/v2/"], "--push-size"),
        (["--push-slow", "-1"], "--push-slow"),
        (["--push-slow", "nan"], "--push-slow"),
        (["--wait", "nan"], "--wait"),
        (["--wait", "-1"], "--wait"),
        (["--timeout", "0"], "--timeout"),
        (["--connect-to", "a:b"], "--connect-to"),
        (["--resolver", "x"], "resolver"),
        (["--profile", "modern"], "--profile"),
        (["--format", "xml"], "--format"),
        (["-e", "nowhere"], "environment"),
        (["--registry"], "--registry"),
    ],
)
def test_what_is_wrong_with_the_words_is_exit_2(edgegen: Edgegen, tmp_path: Path, words: list[str], said: str) -> None:
    (tmp_path / "edge.yaml").write_text(SPEC)
    resolver = [] if "--resolver" in words else ["--resolver", "127.0.0.1:1"]
    done = edgegen("verify", *words, *resolver, cwd=tmp_path)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert "canary" not in done.err
    assert done.err.count("\n") == 1


def test_a_file_of_authorities_that_is_not_there_is_exit_7(edgegen: Edgegen, tmp_path: Path) -> None:
    done = edgegen("verify", "https://a.test", "--ca-file", "no.pem", "--resolver", "127.0.0.1:1", cwd=tmp_path)
    assert done.code == 7
    assert "no.pem" in done.err


def test_a_project_without_a_spec(edgegen: Edgegen, tmp_path: Path) -> None:
    done = edgegen("verify", "--resolver", "127.0.0.1:1", "--json", cwd=tmp_path)
    assert done.code == 2
    assert json.loads(done.out)["error"]["problems"][0]["message"].startswith("there is no `")


def test_the_pages_of_the_checks(edgegen: Edgegen, tmp_path: Path) -> None:
    """Without a spec, and without a look at anything."""
    done = edgegen("verify", "--checks", cwd=tmp_path)
    assert done.code == 0
    assert done.out.count("What it does") == done.out.count("Verdicts\n") == len(CHECKS)

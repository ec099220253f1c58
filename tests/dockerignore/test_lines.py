"""From the bytes of a `.dockerignore` to its patterns."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgegen.dockerignore import BadPatternError, Builder, line_for, parse, reaches_builder


@pytest.mark.parametrize(
    ("text", "patterns"),
    [
        (b"", []),
        (b"\n \n\t\n", []),
        (b"a\nb", ["a", "b"]),
        (b"a\r\nb\r\n", ["a", "b"]),
        (b"\xef\xbb\xbfa\nb\n", ["a", "b"]),
        (b"\xef\xbb\xbf# a\nb\n", ["b"]),
        (b"a\n\xef\xbb\xbfb\n", ["a", "\ufeffb"]),
        (b"# a\n#b\nc\n", ["c"]),
        (b" # a\n", ["# a"]),
        (b"/#a\n", ["#a"]),
        (b"  a \t\n", ["a"]),
        (b"a b\n", ["a b"]),
        (b"/a\n", ["a"]),
        (b"//a//b/\n", ["a/b"]),
        (b"./a/./b/\n", ["a/b"]),
        (b"a/../b\n", ["b"]),
        (b"../a\n", ["../a"]),
        (b"/../a\n", ["a"]),
        (b"/\n", ["/"]),
        (b".\n", ["."]),
        (b"!a\n", ["!a"]),
        (b"! a\n", ["!a"]),
        (b"!/a/\n", ["!a"]),
        (b"!!a\n", ["!!a"]),
        (b"/!a\n", ["!a"]),
        (b"/ a\n", ["a"]),
        (b"! /a \n", ["!a"]),
        (b"\xff\n", ["\udcff"]),
    ],
)
def test_lines_are_trimmed_and_cleaned(text: bytes, patterns: list[str]) -> None:
    found = parse(text)
    assert [("!" if pattern.exception else "") + pattern.text for pattern in found] == patterns


@pytest.mark.parametrize(
    "line",
    [
        b"!",
        b"! ",
        b"!/",
        b"/!",
        b"[",
        b"*[",
        b"*[]",
        b"[]a]",
        b"!*[",
        b"*[a-",
        b"*/a/[*",
        b"?[^]",
        b"a[",
        b"a\\",
        b".*[",
        b"?*[",
        b"[-]",
        b"[-a]",
    ],
)
def test_what_docker_refuses_at_once_is_refused_with_its_line(line: bytes) -> None:
    with pytest.raises(BadPatternError, match="line 3"):
        parse(b"a\nb\n" + line + b"\n")


def test_a_line_has_a_longest_length() -> None:
    assert len(parse(b"a\n" + b"b" * 65535 + b"\nc")) == 3
    with pytest.raises(BadPatternError, match="line 2"):
        parse(b"a\n" + b"b" * 65536 + b"\nc")


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("secrets", "secrets"),
        ("a b/c", "a[ ]b/c"),
        ("[x]/*.pem", "\\[x\\]/\\*.pem"),
        ("#a", "[#]a"),
        ("!a", "[!]a"),
        ("a\\b", "a\\\\b"),
        ("a\nb", "a?b"),
        ("a{2}|b", "a\\{2\\}\\|b"),
        ("^a", "\\^a"),
        ("\ufeffa", "?a"),
    ],
)
def test_a_path_as_a_line(path: str, line: str) -> None:
    assert line_for(path) == line


def test_a_plain_name_is_its_own_line() -> None:
    for name in string.ascii_letters + string.digits + "._-é":
        assert line_for(name * 2) == name * 2


ODD = st.sampled_from("ab*?[]\\{}|^$()+.!#- \té\n12,")
NAMES = st.text(ODD | st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=8)
PATHS = st.lists(NAMES.filter(lambda name: name not in (".", "..")), min_size=1, max_size=3).map("/".join)


@pytest.mark.slow
@given(PATHS, PATHS)
def test_a_line_excludes_its_path_and_all_below_it(path: str, other: str) -> None:
    patterns = parse(f"{line_for(path)}\n".encode(errors="surrogatepass"))
    for builder in Builder:
        assert not reaches_builder(path, patterns, builder)
        assert not reaches_builder(f"{path}/x", patterns, builder)
    # As far as a line can say it: characters that a line can't hold stand for any other.
    if len(other) != len(path) and not other.startswith(f"{path}/"):
        parents = [other[:index] for index, character in enumerate(other) if character == "/"]
        if all(len(parent) != len(path) for parent in parents):
            assert reaches_builder(other, patterns, Builder.CLASSIC)

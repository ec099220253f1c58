"""One pattern and one path. Expected: what Docker's own tests and the real classic builder say."""

from __future__ import annotations

import time

import pytest

from edgegen.dockerignore import BadPatternError, Pattern

MATCHES = [
    ("a", "a"),
    ("a.b", "a.b"),
    ("*", "a"),
    ("*.env", ".env"),
    ("*.env", "web.env"),
    ("a*", "a"),
    ("a?c", "abc"),
    ("a/*/c", "a/b/c"),
    ("**", "a"),
    ("**", "a/b"),
    ("**/a", "a"),
    ("**/a", "b/c/a"),
    ("**/*.env", "x.env"),
    ("**/*.env", "a/b/x.env"),
    ("**.env", "a/b/x.env"),
    ("**b", "a/ab"),
    ("a/**", "a/b"),
    ("a/**", "a/b/c"),
    ("a**", "ab/c"),
    ("a/**/c", "a/c"),
    ("a/**/c", "a/b/b/c"),
    ("**/a/**/b", "x/a/y/b"),
    ("**/**", "a"),
    ("***", "a/b"),
    ("[ab]c", "bc"),
    ("[a-c]d", "bd"),
    ("[^a]b", "cb"),
    ("[^a]b", "/b"),
    ("[!a]b", "!b"),
    ("[!a]b", "ab"),
    ("[a\\-]b", "-b"),
    ("[[]z]", "[z]"),
    ("\\[z\\]", "[z]"),
    ("\\*", "*"),
    ("a\\*b", "a*b"),
    ("x\\.y", "x.y"),
    ("é?", "éü"),
    ("a+b*", "a+bc"),
    ("(a)*", "(a)b"),
    ("a.b*", "a.bc"),
    ("a$*", "a$b"),
    ("a^b", "a^b"),
    # Docker's own oddities, seen on the real builder.
    ("|*", "anything/at/all"),
    ("x*|y", "a/y"),
    ("x*|ab", "aab"),
    ("x*|y", "xa/b"),
    ("a{2}*", "aab"),
    ("a{1,}b?", "aaabc"),
    ("a{0,2}b?", "bc"),
    ("a{b}*", "a{b}c"),
    ("a{01}*", "a{01}c"),
    ("\\d*", "7a"),
    ("[\\w]*", "_a"),
    ("\\x41*", "Ab"),
    ("[[:digit:]]*", "7"),
    ("[[:^digit:]]*", "a"),
    ("[a*]x*", "a]x"),
    ("\\Aa*", "ab"),
    ("x*[a-]", "xb-"),
    ("x*[:][[:digit:]]", "x:7"),
    ("x*\\101", "xA"),
    ("x*\\0", "x\0"),
    ("a*\\b", "ab"),
    ("a*\\B", "a-"),
]
DIFFERS = [
    ("a", "b"),
    ("a", "a/b"),
    ("a", "A"),
    ("a.b", "axb"),
    ("*", "a/b"),
    ("*.env", "a/x.env"),
    ("a?c", "a/c"),
    ("a?c", "ac"),
    ("**/a", "ba"),
    ("**/a", "a/b"),
    ("**/*.env", "x.env/a"),
    ("a/**", "a"),
    ("a/**", "ab"),
    ("a/**/c", "a/bc/d"),
    ("a/**/c", "a/bc"),
    ("a/**/c", "a/b/bc"),
    ("[ab]c", "cc"),
    ("[^a]b", "ab"),
    ("[!a]b", "cb"),
    ("\\*", "a"),
    ("a\\*b", "axb"),
    ("a^b*", "a^bc"),
    ("a.b*", "axbc"),
    (".", "a"),
    ("/", "a"),
    ("../a", "a"),
    ("x*|y", "a/z"),
    ("a{2}*", "ab"),
    ("[z]{01}*", "a"),
    ("a{0,1}b", "aab"),
    ("\\d*", "a7"),
    ("[[:digit:]]*", "a"),
    ("[a*]x*", "b]x"),
    ("x*[a-]", "xb"),
    ("x*\\101", "xe"),
    ("a*\\b", "a-"),
    ("a*\\B", "ab"),
]
LATE = [
    "a*[",
    "X.*[",
    "a[b-a]",
    "a*\\p",
    "a*\\8",
    "a*\\Q",
    "[[:nope:]]",
    "a*{2}",
    "a{2}{3}*",
    "a{2,1}*",
    "a{1001}*",
    "|{2}*",
    "x*\\é",
]


@pytest.mark.parametrize(("pattern", "path"), MATCHES)
def test_matches(pattern: str, path: str) -> None:
    assert Pattern.of(pattern).matches(path)


@pytest.mark.parametrize(("pattern", "path"), DIFFERS)
def test_differs(pattern: str, path: str) -> None:
    assert not Pattern.of(pattern).matches(path)


@pytest.mark.parametrize("pattern", LATE)
def test_what_docker_refuses_when_it_first_needs_it(pattern: str) -> None:
    found = Pattern.of(pattern)
    with pytest.raises(BadPatternError):
        found.matches("a")


def test_a_pattern_of_nothing_is_refused_in_dockers_words() -> None:
    with pytest.raises(BadPatternError, match=r'^illegal exclusion pattern: "!"$'):
        Pattern.of("", exception=True)


@pytest.mark.slow
def test_time_is_linear() -> None:
    pattern = Pattern.of("**/" * 200 + "*a" * 100 + "*b")
    begin = time.process_time()
    assert not pattern.matches("a/" * 500 + "a" * 1000)
    assert time.process_time() - begin < 20

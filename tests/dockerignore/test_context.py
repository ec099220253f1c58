"""Which files of a context reach the builder."""

from __future__ import annotations

import pytest

from edgegen.dockerignore import BadPatternError, Builder, parse, reaches_builder

BOTH = (True, True)
NEITHER = (False, False)
ONLY_BUILDKIT = (False, True)
CASES = [
    ("", "acme/acme.json", BOTH),
    ("acme", "acme/acme.json", NEITHER),
    ("acme/", "acme/acme.json", NEITHER),
    ("/acme", "acme/acme.json", NEITHER),
    ("./acme", "acme/acme.json", NEITHER),
    ("acme/*", "acme/acme.json", NEITHER),
    ("acme/**", "acme/acme.json", NEITHER),
    ("acme/acme.json", "acme/acme.json", NEITHER),
    ("*/acme.json", "acme/acme.json", NEITHER),
    ("**/acme.json", "acme/acme.json", NEITHER),
    ("**/*.json", "acme/acme.json", NEITHER),
    ("*", "acme/acme.json", NEITHER),
    ("*.json", "acme/acme.json", BOTH),
    ("acme.json", "acme/acme.json", BOTH),
    ("Acme", "acme/acme.json", BOTH),
    ("# acme", "acme/acme.json", BOTH),
    ("acm", "acme/acme.json", BOTH),
    ("acme/acme.json/x", "acme/acme.json", BOTH),
    ("htpasswd", "registry/htpasswd", BOTH),
    ("**/htpasswd", "registry/htpasswd", NEITHER),
    # The last pattern counts.
    ("acme\n!acme", "acme/acme.json", BOTH),
    ("!acme\nacme", "acme/acme.json", NEITHER),
    ("acme\n!acme/acme.json", "acme/acme.json", BOTH),
    ("acme\n!acme/acme.json", "acme/other", NEITHER),
    ("*\n!acme", "acme/acme.json", BOTH),
    ("*\n!acme/*.json", "acme/acme.json", BOTH),
    ("*\n!acme\nacme", "acme/acme.json", NEITHER),
    ("*\n!app", "acme/acme.json", NEITHER),
    ("acme/*\n!acme/public.pem", "acme/acme.json", NEITHER),
    ("a\n!a/b\na/b/c", "a/b/c", NEITHER),
    ("a\n!a/b\na/b/c", "a/b/d", BOTH),
    # An exception with wildcards at its start: the classic builder does not look into the excluded folder.
    ("acme\n!**/acme.json", "acme/acme.json", ONLY_BUILDKIT),
    ("acme\n!*/acme.json", "acme/acme.json", ONLY_BUILDKIT),
    ("*\n!**/*.json", "acme/acme.json", ONLY_BUILDKIT),
    ("acme/*\n!**/*.json", "acme/acme.json", BOTH),
    ("acme\n!acm[e]/*", "acme/x", ONLY_BUILDKIT),
    # `!acme/x` has it enter the folder, and then the exception with wildcards holds there too.
    ("acme\n!acme/x\n!**/acme.json", "acme/acme.json", BOTH),
    ("acme\n!acme-not\n!**/acme.json", "acme/acme.json", ONLY_BUILDKIT),
]


@pytest.mark.parametrize(("lines", "path", "reached"), CASES)
def test_which_builder_gets_a_file(lines: str, path: str, reached: tuple[bool, bool]) -> None:
    patterns = parse(lines.encode())
    assert tuple(reaches_builder(path, patterns, builder) for builder in Builder) == reached


def test_a_malformed_pattern_is_told_when_it_is_needed() -> None:
    patterns = parse(b"acme\n!a*[\n")
    assert reaches_builder("web/x", patterns, Builder.CLASSIC)
    with pytest.raises(BadPatternError):
        reaches_builder("acme/acme.json", patterns, Builder.CLASSIC)

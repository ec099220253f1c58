"""The tables: made of the binaries as they are, and read alike by two readers that share nothing."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgegen.traefik.grammar import Type, dynamic_type, provider_type, routing_type, static_file_type, static_type
from edgegen.traefik.grammar.history import LINES, too_new_or_removed
from edgegen.traefik.grammar.reading import grammar
from edgegen.traefik.since import _FLAGS, option_since
from edgegen.traefik.version import Version
from tests.grammar.by_hand import by_hand, table, written
from tests.grammar.rows import ROOTS, Rows, rows
from tests.grammar.versions import Numbers, holds, marks
from tests.grammar.whole import whole
from tests.grammar.writing import text
from tests.traefik.process import BINARY

NEWEST = (3, 7, 15)
ASKED: tuple[Numbers, ...] = ((2, 11, 53), (3, 0, 4), (3, 1, 7), (3, 2, 2), (3, 3, 6), (3, 6, 2), (3, 6, 9), NEWEST)
VERSIONS = st.tuples(st.integers(2, 3), st.integers(0, 3), st.integers(0, 4))


def paths(kind: Type, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Type]]:
    """Everything that edgegen reads of a table."""
    below = {"*": kind.item} if kind.item else kind.fields
    for word, item in below.items():
        yield (*path, word), item
        yield from paths(item, (*path, word))


def as_edgegen_reads(root: str, version: Numbers) -> dict[tuple[str, ...], str]:
    tree = grammar(root, Version(*version), "file")
    return {path: f"{item.kind}{item.bits}{item.may_be_empty}{item.ignored}" for path, item in paths(tree)}


def as_the_rows_say(found: Rows) -> dict[tuple[str, ...], str]:
    said = {}
    for path, form in found.items():
        kind, *given_marks = form.split()
        empty = kind in ("struct", "mapping") and ({"?", "?file"} & {*given_marks})
        bits = 32 if kind == "int32" else 64
        kind = "number" if kind == "int32" else kind
        said[tuple(word.lower() for word in path)] = f"{kind}{bits}{bool(empty)}{'-file' in given_marks}"
    return said


@pytest.mark.parametrize("version", ASKED, ids=str)
@pytest.mark.parametrize("root", ROOTS)
def test_two_readers_agree(root: str, version: Numbers) -> None:
    assert as_edgegen_reads(root, version) == as_the_rows_say(written(root, version))


@pytest.mark.lab
@pytest.mark.parametrize("root", ROOTS)
def test_the_table_is_the_binarys(root: str) -> None:
    assert written(root, NEWEST) == rows(BINARY, root)


@pytest.mark.quick(1)
@pytest.mark.parametrize("root", ROOTS)
def test_versions_by_hand_are_in_the_table(root: str) -> None:
    hand = by_hand(root)
    assert {(2, 11, 0), (2, 11, 53), (3, 1, 0), (3, 1, 7)} <= {*hand}
    for version in ((2, 11, 0), (2, 11, 53), (3, 1, 7)):
        assert written(root, version) == hand[version]


@pytest.mark.slow
@pytest.mark.parametrize("root", ROOTS)
def test_a_new_version_is_all_that_changes(root: str) -> None:
    """Without any of the other binaries at hand."""
    version = (*NEWEST[:2], NEWEST[2] + 1)
    lines = text(whole(root, {version: written(root, NEWEST) | {("brandNew",): "text"}})).splitlines()
    assert [line for line in lines if "brandNew" in line] == [f"brandNew text >={'.'.join(map(str, version))}"]
    assert [line for line in lines if "brandNew" not in line] == table(root).splitlines()


@pytest.mark.slow
@given(st.sets(VERSIONS, min_size=1), st.data())
def test_marks_say_which_versions(known: set[Numbers], data: st.DataObject) -> None:
    having = data.draw(st.sets(st.sampled_from(sorted(known))))
    found = marks(having, sorted(known))
    if having:
        assert {version for version in known if holds(found, version)} == having


def test_a_text_is_written_and_read_back() -> None:
    one: Rows = {("a",): "struct", ("a", "b"): "text", ("c",): "mapping", ("c", "*"): "text"}
    two: Rows = {("a",): "struct ?", ("a", "d"): "flag", ("c",): "mapping", ("c", "*"): "text"}
    assert text({(3, 0, 0): one, (3, 1, 2): two}) == (
        "a struct <3.1.0\n b text\na struct ? >=3.1.0\n d flag\nc mapping\n * text\n"
    )


def test_words_of_each_line() -> None:
    assert static_type(Version(2, 11)).at("pilot.token")
    assert not static_type(Version(3, 0)).at("pilot.token")
    assert static_type(Version(3, 6)).at("accesslog.fields.queryparameters.defaultmode")
    assert not static_type(Version(3, 6, 2)).at("accesslog.fields.queryparameters.defaultmode")
    assert routing_type().at("http.services.web.loadbalancer.server.port")
    assert dynamic_type().at("http.services.web.loadbalancer.servers[0].url")
    assert static_file_type().at("entryPoints.web.http.tls.domains[0].main")
    assert provider_type(Version(3, 6)).at("docker.allownonrunning")
    assert not provider_type(Version(3, 5)).at("docker.allownonrunning")


def test_history() -> None:
    word = "http.routers.web.observability.tracing"
    assert too_new_or_removed("dynamic", word, Version(3, 0, 4)) == "it came with Traefik 3.3"
    assert too_new_or_removed("dynamic", word, None) == ""
    assert too_new_or_removed("dynamic", "http.nobody.knows", None) == ""
    assert too_new_or_removed("static", "pilot.token", None) == "Traefik 2.11 was the last to know it"


def test_every_line_has_its_own_words() -> None:
    sizes = [len(list(paths(static_type(line)))) for line in LINES]
    assert len({*sizes}) == len(LINES)
    assert min(sizes) > 400


def test_what_edgegen_writes_is_known_since_then() -> None:
    for flag, firsts in _FLAGS.items():
        for first in firsts:
            assert static_type(first).at(flag), (flag, first)
    for kind, option in (
        ("errors", "errorRequestHeaders"),
        ("forwardAuth", "maxResponseBodySize"),
        ("retry", "timeout"),
    ):
        (first,) = option_since(kind, option)
        word = f"http.middlewares.m.{kind}.{option}"
        assert routing_type(first).at(word), word
        assert not routing_type(
            Version(first.major, first.minor, first.patch - 1) if first.patch else Version(3, 6)
        ).at(word)


def test_a_grammar_is_read_at_once() -> None:
    """Bar: 10 ms. The best of five: the machine may be busy."""
    found = []
    for patch in range(5):
        begun = time.process_time()
        grammar.__wrapped__("dynamic", Version(3, 5, patch), "label")
        grammar.__wrapped__("static", Version(3, 5, patch), "label")
        found.append(time.process_time() - begun)
    assert min(found) < 0.01

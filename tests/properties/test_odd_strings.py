"""Each place of the spec with texts that belong nowhere: refused with a place, or rendered; never a bug."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from edgegen.core.errors import EdgegenError
from edgegen.project.render import prepare
from edgegen.spec.load import load_text
from edgegen.spec.schema import json_schema
from tests.properties.odd_strings import BENIGN, ODD, Place, places
from tests.sizes import some

pytestmark = pytest.mark.slow

PLACES = places(json_schema())
SOME = 5
EVERY = 31
"""One place in five meets one text in thirty-one each time."""
SAMPLE_OF_ALL = 59
"""All places meet one text in so many in the slow tests, and every one in the proof. A prime, so that each text in each
shape has its turn."""
TEXTS = [(place, odd, shape) for place in PLACES for odd in ODD for shape in ("alone", "behind", "before", "within")]
SHAPES = {"alone": "{odd}", "behind": "{plain}{odd}", "before": "{odd}{plain}", "within": "{first}{odd}{rest}"}


def rendered(place: Place, text: str, project: Path) -> EdgegenError | None:
    """What it is refused for, or None. JSON is YAML, and can write every text down."""
    spec = json.dumps(place.put(text)).encode()
    try:
        prepare(project, None, environ={}, loaded=load_text(spec))
    except EdgegenError as error:
        return error
    return None


def plain(place: Place, project: Path) -> str | None:
    """A text that the place takes."""
    return next((text for text in BENIGN if rendered(place, text, project) is None), None)


def judge(cases: list[tuple[Place, str, str]], project: Path) -> tuple[int, int]:
    """How many were refused, and how many rendered."""
    known: dict[str, str] = {}
    refused = 0
    for place, odd, shape in cases:
        if place.title not in known:
            known[place.title] = plain(place, project) or "a"
        usual = known[place.title]
        text = SHAPES[shape].format(odd=odd, plain=usual, first=usual[:1], rest=usual[1:])
        error = rendered(place, text, project)
        if error:
            assert error.exit_code in (2, 3, 7), (place.title, text)
            assert str(error).strip()
            refused += 1
    return refused, len(cases) - refused


def test_the_places_are_all_there() -> None:
    titles = {place.title for place in PLACES}
    assert len(titles) > 340
    for title in (".name", ".services.*(redirect).to", ".services.*(registry-cache).upstream", ".services.*(tcp).entrypoint",
                  ".domains.*.records[].content", ".middlewares.*(headers).custom_request_headers.*", ".edge.bind"):  # fmt: skip
        assert title in titles


def test_most_places_take_something(tmp_path: Path) -> None:
    """Else the odd texts would be refused for what stands beside them."""
    tried = PLACES[::7]
    assert sum(plain(place, tmp_path) is not None for place in tried) > 0.65 * len(tried)


def test_odd_texts(tmp_path: Path) -> None:
    chosen = {place.title for place in PLACES[::SOME]}
    refused, taken = judge([case for case in TEXTS if case[0].title in chosen][::EVERY], tmp_path)
    assert refused > 50
    assert taken > 50


@pytest.mark.parametrize("title", [".services.*(redirect).to", ".services.*(external).url",
                                   ".services.*(registry-cache).upstream", ".services.*(registry).storage.s3.endpoint"])  # fmt: skip
@pytest.mark.parametrize("odd", ["\0", "\x01", "\n", "\r", "\t", "\x1b", "\x1f", "\x7f", "\x80", "\x9f"])
def test_a_url_holds_no_control_characters(title: str, odd: str, tmp_path: Path) -> None:
    place = next(place for place in PLACES if place.title == title)
    for text in (f"https://x.example{odd}.net", f"https://x.example.net/{odd}", f"https://x.example.net{odd}"):
        error = rendered(place, text, tmp_path)
        assert error is not None
        assert error.exit_code == 2
        assert error.problems[0].where is not None


def test_the_sample_has_every_place_and_every_text_in_every_shape() -> None:
    chosen = TEXTS[::SAMPLE_OF_ALL]
    assert {place.title for place, _, _ in chosen} == {place.title for place in PLACES}
    assert {(odd, shape) for _, odd, shape in chosen} == {(odd, shape) for odd in ODD for shape in SHAPES}


@pytest.mark.slow
@pytest.mark.parametrize("part", range(8))
def test_all_odd_texts(part: int, tmp_path: Path) -> None:
    judge(list(some(TEXTS, SAMPLE_OF_ALL))[part::8], tmp_path)

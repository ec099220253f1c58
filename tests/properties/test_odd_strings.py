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
from tests.sizes import is_proof, some

pytestmark = pytest.mark.slow

PLACES = places(json_schema())
SAMPLE_OF_ALL = 139
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


KNOWN: dict[str, str | None] = {}
"""What a place takes, by its title. Outside of the proof by the last key of it: places of one key take the same, but for
a few, and the search takes longer than all that is done with what it finds."""


def usual(place: Place, project: Path) -> str:
    """What an odd text is put beside."""
    key = place.title if is_proof() else place.title.removesuffix("[]").rpartition(".")[2]
    if key not in KNOWN:
        KNOWN[key] = plain(place, project)
    return KNOWN[key] or "a"


def judge(cases: list[tuple[Place, str, str]], project: Path) -> tuple[int, int]:
    """How many were refused, and how many rendered."""
    refused = 0
    for place, odd, shape in cases:
        known = "" if shape == "alone" else usual(place, project)
        text = SHAPES[shape].format(odd=odd, plain=known, first=known[:1], rest=known[1:])
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
    tried = some(PLACES[::7], 2)
    assert sum(plain(place, tmp_path) is not None for place in tried) > 0.75 * len(tried)


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


@pytest.mark.parametrize("part", range(8))
def test_all_odd_texts(part: int, tmp_path: Path) -> None:
    refused, taken = judge(list(some(TEXTS, SAMPLE_OF_ALL))[part::8], tmp_path)
    assert refused > 10
    assert taken > 10

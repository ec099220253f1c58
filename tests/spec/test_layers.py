"""Each service as layers, with the place of each: whoever looks for a key finds it wherever it was written."""

from __future__ import annotations

from typing import Any

import pytest

from edgegen.core.data import items, mapping
from edgegen.core.location import path_text
from edgegen.spec.layers import bind_source, service_layers
from edgegen.spec.load import load_text

TEXT = b"""
name: a
domains: {a.test: {}}
edge: {extra: {labels: {a: b}}}
services:
  web: {image: "a:1", working_dir: /srv, extra: {build: ., image: "b:2"}}
  mail: {kind: tcp, host: mail.a.test, listen: 25, entrypoint: mail, image: "m:1", port: 25, extra: {entrypoint: x}}
extra:
  services:
    web: {build: ./c}
    other: {image: "o:1"}
"""


def layers(*keys: str) -> dict[str, list[tuple[str, dict[str, Any]]]]:
    found = service_layers(load_text(TEXT).spec, keys)
    return {name: [(path_text(layer.at), layer.keys) for layer in held] for name, held in found.items()}


def test_the_layers_of_every_service_the_lowest_first() -> None:
    assert layers("image", "build") == {
        "traefik": [("edge.extra", {"labels": {"a": "b"}})],
        "web": [
            ("services.web", {"image": "a:1", "build": None}),
            ("services.web.extra", {"build": ".", "image": "b:2"}),
            ("extra.services.web", {"build": "./c"}),
        ],
        "mail": [("services.mail", {"image": "m:1", "build": None}), ("services.mail.extra", {"entrypoint": "x"})],
        "other": [("extra.services.other", {"image": "o:1"})],
    }


def test_only_the_keys_that_are_asked_for_are_taken_of_the_spec() -> None:
    assert layers("working_dir")["web"][0] == ("services.web", {"working_dir": "/srv"})
    assert layers()["web"][0] == ("services.web", {})


def test_a_key_that_means_something_else_to_its_kind_is_not_composes() -> None:
    """`entrypoint` of a tcp service is a port of Traefik; of a container it is a program."""
    assert layers("entrypoint")["mail"] == [("services.mail", {}), ("services.mail.extra", {"entrypoint": "x"})]


@pytest.mark.parametrize("value", [None, "a", 3, [], ["a"], True])
def test_what_is_no_mapping_is_an_empty_one(value: object) -> None:
    assert mapping(value) == {}
    assert mapping({"a": value}) == {"a": value}


@pytest.mark.parametrize("value", [None, "a", 3, {}, {"a": 1}, True, ("a",)])
def test_what_is_no_list_is_an_empty_one(value: object) -> None:
    assert items(value) == []
    assert items([value]) == [value]


@pytest.mark.parametrize(
    ("volume", "source"),
    [
        ("./a:/b", "./a"), ("../a:/b:ro", "../a"), ("/a:/b", "/a"), ("~/a:/b", "~/a"), (".:/b", "."),
        ("a:/b", ""), ("/a", ""), ("./a", ""), ("", ""), (3, ""), (None, ""),
        ({"type": "bind", "source": "a"}, "a"), ({"type": "bind", "source": 7}, "7"), ({"type": "bind"}, ""),
        ({"type": "bind", "source": None}, ""), ({"type": "volume", "source": "/a"}, ""), ({"source": "/a"}, ""),
    ],
)  # fmt: skip
def test_what_a_volume_mounts_of_the_host(volume: object, source: str) -> None:
    assert bind_source(volume) == source

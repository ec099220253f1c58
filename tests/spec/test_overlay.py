"""One environment laid over the spec, and where each merged value was written."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgegen.spec.overlay import merge_with_origin

DEV = ("environments", "dev")


def merge(base: dict[str, Any], over: dict[str, Any] | None) -> dict[str, Any]:
    return merge_with_origin(base, over, ())[0]


def service(**keys: Any) -> dict[str, Any]:
    return {"services": {"web": keys}}


def merged(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    result: dict[str, Any] = merge(service(**base), service(**over))["services"]["web"]
    return result


@pytest.mark.parametrize(
    ("base", "over", "expected"),
    [
        ({"port": 80}, {"port": 81}, {"port": 81}),
        ({"port": 80}, {"user": "a"}, {"port": 80, "user": "a"}),
        ({"users": ["a"]}, {"users": ["b"]}, {"users": ["a", "b"]}),
        ({"networks": ["a", "b"]}, {"networks": ["b", "c"]}, {"networks": ["a", "b", "c"]}),
        ({"command": ["a", "b"]}, {"command": ["c"]}, {"command": ["c"]}),
        ({"entrypoint": ["a"]}, {"entrypoint": "b"}, {"entrypoint": "b"}),
        (
            {"healthcheck": {"test": ["CMD", "a"], "retries": 3}},
            {"healthcheck": {"test": ["CMD", "b"]}},
            {"healthcheck": {"test": ["CMD", "b"], "retries": 3}},
        ),
        ({"environment": {"A": 1, "B": 2}}, {"environment": {"B": 3}}, {"environment": {"A": 1, "B": 3}}),
        ({"environment": ["A=1", "B=2"]}, {"environment": ["B=3", "C"]}, {"environment": ["A=1", "B=3", "C"]}),
        ({"environment": ["A=1", "B=2"]}, {"environment": {"B": "3"}}, {"environment": {"A": "1", "B": "3"}}),
        ({"environment": {"A": "1"}}, {"environment": ["A", "B=b=c"]}, {"environment": {"A": None, "B": "b=c"}}),
        (
            {"depends_on": ["db"]},
            {"depends_on": {"redis": {"condition": "service_healthy"}}},
            {"depends_on": {"db": {"condition": "service_started"}, "redis": {"condition": "service_healthy"}}},
        ),
        ({"ports": ["80:80"]}, {"ports": ["80:80", "81:80"]}, {"ports": ["80:80", "81:80"]}),
        ({"ports": ["80:80/tcp"]}, {"ports": ["80:80", "80:80/udp"]}, {"ports": ["80:80", "80:80/udp"]}),
        ({"ports": ["127.0.0.1:80:80"]}, {"ports": ["80:80"]}, {"ports": ["127.0.0.1:80:80", "80:80"]}),
        (
            {"ports": ["80:80"]},
            {"ports": [{"target": 80, "published": "80", "mode": "host"}]},
            {"ports": [{"target": 80, "published": "80", "mode": "host"}]},
        ),
        ({"volumes": ["db:/data", "a:/a"]}, {"volumes": ["./db:/data:ro"]}, {"volumes": ["./db:/data:ro", "a:/a"]}),
        (
            {"secrets": ["a"]},
            {"secrets": [{"source": "b", "target": "a"}]},
            {"secrets": [{"source": "b", "target": "a"}]},
        ),
        ({"host": "www.example.com"}, {"host": "dev.example.com"}, {"host": "dev.example.com"}),
        ({"aliases": ["a.example.com"]}, {"aliases": ["b.example.com"]}, {"aliases": ["b.example.com"]}),
        ({"build": "."}, {"image": "app:production"}, {"image": "app:production"}),
        ({"image": "app:1"}, {"build": "."}, {"build": "."}),
        ({"image": "app:1"}, {"build": ".", "image": "app:dev"}, {"build": ".", "image": "app:dev"}),
        (
            {"environment": {"build": "1"}},
            {"environment": {"image": "2"}},
            {"environment": {"build": "1", "image": "2"}},
        ),
        ({"port": 80, "user": "a"}, {"user": None}, {"port": 80}),
        ({"environment": {"A": "1"}}, {"environment": {"A": None, "B": None}}, {"environment": {"B": None}}),
        ({"environment": None}, {"environment": {"A": "1"}}, {"environment": {"A": "1"}}),
        ({"labels": "a"}, {"labels": {"b": "c"}}, {"labels": {"b": "c"}}),
        ({"x": [1]}, {"x": [True, 1, "1"]}, {"x": [1, True, "1"]}),
    ],
)
def test_one_key(base: dict[str, Any], over: dict[str, Any], expected: dict[str, Any]) -> None:
    # As JSON: in Python 1 == True.
    assert json.dumps(merged(base, over), sort_keys=True) == json.dumps(expected, sort_keys=True)


def test_addresses_are_replaced_so_that_staging_is_not_production() -> None:
    base = {"domains": {"example.com": {"addresses": ["192.0.2.1"], "records": [{"type": "MX"}]}}}
    over = {"domains": {"example.com": {"addresses": ["192.0.2.2"], "records": [{"type": "TXT"}]}}}
    domain = merge(base, over)["domains"]["example.com"]
    assert domain == {"addresses": ["192.0.2.2"], "records": [{"type": "MX"}, {"type": "TXT"}]}


def test_a_service_can_be_added_and_removed() -> None:
    base = {"services": {"web": {"image": "a:1"}, "db": {"image": "b:1"}}}
    assert merge(base, {"services": {"db": None, "mail": {"image": "c:1"}}}) == {
        "services": {"web": {"image": "a:1"}, "mail": {"image": "c:1"}}
    }


@pytest.mark.parametrize("nothing", [None, {}])
def test_an_empty_environment_changes_nothing(nothing: dict[str, Any] | None) -> None:
    base = service(image="a:1")
    data, origin = merge_with_origin(base, nothing, DEV)
    assert data == base
    assert origin(("services", "web")) == ("services", "web")


def test_every_value_knows_where_it_was_written() -> None:
    base = {"services": {"web": {"image": "a:1", "networks": ["n"], "environment": {"A": "1"}}, "db": {"image": "b:1"}}}
    over = {"services": {"web": {"build": ".", "networks": ["m"], "environment": {"B": {"secret": "s"}}}}}
    data, origin = merge_with_origin(base, over, DEV)
    web = ("services", "web")
    assert data["services"]["web"]["networks"] == ["n", "m"]
    assert origin((*web, "networks", 0)) == (*web, "networks", 0)
    assert origin((*web, "networks", 1)) == (*DEV, *web, "networks", 0)
    assert origin((*web, "environment", "A")) == (*web, "environment", "A")
    assert origin((*web, "environment", "B", "secret")) == (*DEV, *web, "environment", "B", "secret")
    assert origin((*web, "build")) == (*DEV, *web, "build")
    assert origin(("services", "db", "image")) == ("services", "db", "image")
    assert origin(web) == web
    assert origin((*web, "missing", "deeper")) == (*web, "missing", "deeper")
    assert origin(()) == ()


KEYS = st.sampled_from(
    ["services", "web", "image", "build", "environment", "ports", "command", "volumes", "depends_on", "a"]
)
VALUES = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(0, 3), st.sampled_from(["A=1", "A", "80:80", "v:/x", "::", "/", ""])
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=4)),
    max_leaves=25,
)
MAPPINGS = st.dictionaries(KEYS, VALUES, max_size=4)


def at(data: Any, path: tuple[str | int, ...]) -> Any:
    for part in path:
        data = data[part]
    return data


def leaves(data: Any, path: tuple[str | int, ...] = ()) -> list[tuple[tuple[str | int, ...], Any]]:
    if isinstance(data, dict | list) and data:
        items = data.items() if isinstance(data, dict) else enumerate(data)
        return [leaf for key, item in items for leaf in leaves(item, (*path, key))]
    return [(path, data)]


@pytest.mark.slow
@given(MAPPINGS, MAPPINGS)
def test_nothing_is_changed_and_everything_comes_from_somewhere(base: dict[str, Any], over: dict[str, Any]) -> None:
    before = copy.deepcopy((base, over))
    data, origin = merge_with_origin(base, over, DEV)
    assert (base, over) == before
    whole = {**base, "environments": {"dev": over}}
    for path, value in leaves(data):
        if value == {}:
            continue  # what removals left over
        source = origin(path)
        try:
            written = at(whole, source)
        except (KeyError, TypeError, IndexError):
            continue  # a list that was read as a mapping: its own place is the nearest one
        assert repr(written) == repr(value)


@given(MAPPINGS)
def test_laying_a_thing_over_itself_without_lists_of_replaced_names_keeps_its_keys(base: dict[str, Any]) -> None:
    assert set(merge(base, base)) == {key for key, value in base.items() if value is not None}


@pytest.mark.parametrize(
    ("section", "base", "over", "expected"),
    [
        ("secrets", {"generate": 32}, {"file": "x"}, {"file": "x"}),
        ("secrets", {"file": "x"}, {"env": "X"}, {"env": "X"}),
        ("secrets", {"generate": 32}, {"generate": 40}, {"generate": 40}),
        ("secrets", {"generate": 32}, {"generate": None, "env": "X"}, {"env": "X"}),
        ("secrets", {"generate": 32}, {"file": "x", "env": "X"}, {"file": "x", "env": "X"}),
        ("secrets", {"generate": 32}, {}, {"generate": 32}),
        ("configs", {"content": "x"}, {"file": "x"}, {"file": "x"}),
        ("configs", {"file": "x"}, {"content": "x"}, {"content": "x"}),
        ("volumes", {"name": "x", "driver": "d"}, {"name": "y"}, {"name": "y", "driver": "d"}),
    ],
)
def test_one_source_takes_the_place_of_another(section: str, base: Any, over: Any, expected: Any) -> None:
    assert merge({section: {"x": base}}, {section: {"x": over}}) == {section: {"x": expected}}


def test_configs_are_told_apart_by_their_targets() -> None:
    base = {"configs": ["a", {"source": "b", "target": "/etc/x"}]}
    over = {"configs": [{"source": "a", "mode": "0440"}, {"source": "c", "target": "/etc/x"}, "d"]}
    assert merged(base, over)["configs"] == [
        {"source": "a", "mode": "0440"},
        {"source": "c", "target": "/etc/x"},
        "d",
    ]

"""What is said of the keys of files. The real Traefik is asked about each row elsewhere."""

from __future__ import annotations

from typing import Any

import pytest

from edgegen.traefik.file_words import FileEffect, dynamic_faults, static_file_faults
from edgegen.traefik.version import Version

REFUSES, IGNORES, OFF = FileEffect.REFUSES, FileEffect.IGNORES, FileEffect.OFF
ROUTER = ("http", "routers", "a")


def router(**keys: Any) -> dict[str, Any]:
    return {"http": {"routers": {"a": keys}}}


@pytest.mark.parametrize(
    ("data", "path", "effect", "meant"),
    [
        (router(rules="x"), (*ROUTER, "rules"), REFUSES, "rule"),
        (router(entrypoint=["web"]), (*ROUTER, "entrypoint"), REFUSES, "entryPoints"),
        (router(priority="high"), (*ROUTER, "priority"), REFUSES, ""),
        (router(tls="yes"), (*ROUTER, "tls"), OFF, ""),
        (router(service={"a": 1}), (*ROUTER, "service"), REFUSES, ""),
        (router(service=["a"]), (*ROUTER, "service"), IGNORES, ""),
        (router(tls={"domains": ["a"]}), (*ROUTER, "tls", "domains", 0), IGNORES, ""),
        (router(tls={"domains": [{"mian": "a"}]}), (*ROUTER, "tls", "domains", 0, "mian"), REFUSES, "main"),
        (router(middlewares=[{"a": 1}]), (*ROUTER, "middlewares", 0), REFUSES, ""),
        ({"htpp": {"routers": {}}}, ("htpp",), IGNORES, "http"),
        ({"http": {"middlewares": {"m": {"headers": {}}}}}, ("http", "middlewares", "m", "headers"), REFUSES, ""),
        ({"http": {}}, ("http",), REFUSES, ""),
    ],
)  # fmt: skip
def test_what_is_wrong(data: dict[str, Any], path: tuple[str | int, ...], effect: FileEffect, meant: str) -> None:
    (found,) = dynamic_faults(data)
    assert (found.path, found.effect, found.meant) == (path, effect, meant)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"http": None},
        router(Rule="x", EntryPoints="web,websecure", priority=5, tls={}),
        router(tls=True, middlewares=None),
        {"http": {"middlewares": {"m": {"plugin": {"mine": {"any": [1, {"thing": True}]}}}}}},
        {"http": {"services": {"s": {"weighted": {"services": [{"name": "a", "weight": 1}]}}}}},
        {"tls": {"options": {"default": {"minVersion": "VersionTLS12"}}, "certificates": [{"certFile": "a"}]}},
    ],
)
def test_what_is_right(data: dict[str, Any]) -> None:
    assert dynamic_faults(data) == []


def test_a_word_of_a_later_version() -> None:
    data = router(observability={"tracing": False})
    (found,) = dynamic_faults(data, Version(3, 0, 4))
    assert found.why.endswith("it came with Traefik 3.3")
    assert dynamic_faults(data) == []


def test_static_files() -> None:
    data = {"pilot": {"token": "x"}, "foo": 1, "entryPoints": {"web": {"adress": ":80"}}, "log": {"level": "INFO"}}
    assert [(fault.path, fault.effect) for fault in static_file_faults(data)] == [
        (("pilot",), REFUSES), (("foo",), IGNORES), (("entryPoints", "web", "adress"), REFUSES),
    ]  # fmt: skip
    assert [fault.path for fault in static_file_faults(data, Version(2, 11, 3))] == [
        ("foo",), ("entryPoints", "web", "adress"),
    ]  # fmt: skip

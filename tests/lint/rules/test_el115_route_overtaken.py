"""Routers that another one leaves no request: what is caught, what is not, and what the real Traefik serves."""

from __future__ import annotations

from http.client import HTTPConnection
from pathlib import Path

import pytest
import yaml

from edgegen.traefik import rule_syntax
from edgegen.traefik.rule_syntax import parse_rule
from tests.lint.cases import Case, differences, module, with_fault
from tests.lint.support import found, project
from tests.traefik.named import named
from tests.traefik.process import free_port, running

RULE = module(__name__)
A, B = "`a.example.com`", "`b.example.com`"


def two(first: str, second: str, *more: str, image: str = "") -> str:
    """Two services with a router each: the rule of `one` in line 5, that of `two` in line 10, and more labels."""
    lines = "".join(f"      - {label}\n" for label in more)
    edge = f"  edge:\n    image: {image}\n" if image else ""
    return (
        f"services:\n  one:\n    image: app:1\n    labels:\n      - traefik.http.routers.one.rule={first}\n"
        f"      - traefik.http.routers.one.entrypoints=web\n  two:\n    image: app:2\n    labels:\n"
        f"      - traefik.http.routers.two.rule={second}\n      - traefik.http.routers.two.entrypoints=web\n{lines}{edge}"
    )


TAKEN = (
    (f"Host({A}) || Host({B})", f"Host({A}) && PathPrefix(`/api`)"),
    (f"Host({A}) || Host({B})", f"PathPrefix(`/api`) && Host({B})"),
    (f"Host({A}) || Host({B}) || Host(`c.example.com`)", f"Host({A}) || Host({B})"),
    ("HostRegexp(`^[a-z0-9-]+[.]example[.]com$$`)", f"Host({A})"),
    ("PathPrefix(`/`)", "Host(`a.io`)"),
    (f"Host({A}) && PathPrefix(`/`)", f"Host({A})"),
    (f"(Host({A}) || Host({B})) && PathPrefix(`/shop`)", f"Host({A}) && Path(`/shop/cart`)"),
    ("Host(`A.example.com`) || Host(`b.example.com.`)", f"Host({A})"),
)
"""The second router never gets a request."""
ASKED = {
    "taken": ("a /api/x", "a /api", "b /", "a /", "a.io /x", "a /", "a /shop/cart", "a /"),
    "kept": ("a /api", "c /", "a /", "a /", "a /api", "c /", "a1 /", "a /api/v2", f"a /{'%C3%BC' * 5}"),
}
"""A request for the second router of each pair: the host, without `.example.com`, and the path."""
KEPT = (
    (f"Host({A})", f"Host({A}) && PathPrefix(`/api`)"),
    (f"Host({A}) || Host({B})", "Host(`c.example.com`)"),
    (f"Host({A}) && Method(`PUT`)", f"Host({A})"),
    (f"Host({A}) && PathPrefix(`/x`)", f"Host({A})"),
    (f"Host({A}) && !PathPrefix(`/api`)", f"Host({A}) && Path(`/api`)"),
    (f"Host({A}) || Host({B})", f"Host({A}) || Host(`c.example.com`)"),
    ("HostRegexp(`^[a-z]+[.]example[.]com$$`)", "Host(`a1.example.com`)"),
    (f"Host({A}) && PathPrefix(`/api/v1`)", f"Host({A}) && PathPrefix(`/api`)"),
    (f"Host({A}) || Host({B})", f"Host({A}) && PathPrefix(`/üüüüü`)"),  # shorter, and longer in bytes
)
MORE = "traefik.http.routers.two."
OVERTAKEN = TAKEN[0]
CASES = (
    *(Case(two(*rules), ["10 high the router `two` never gets a request: the rule of `one` of `one`"]) for rules in TAKEN),
    Case(two(*OVERTAKEN, f"{MORE}priority=10"), ["12 high the router `two` never gets a request"]),
    Case(two(*OVERTAKEN, f"{MORE}tls=true", "traefik.http.routers.one.tls=true").replace("entrypoints=web\n  two", "entrypoints=web\n      - traefik.http.routers.one.tls=true\n  two"), ["11 high the router `two` never"]),
    Case(two(*OVERTAKEN, f"{MORE}middlewares=login"), ["10 high the router `two` never gets a request"]),
    Case(
        "services:\n  one:\n    image: app:1\n    labels:\n"
        f"      - traefik.http.routers.one.rule={OVERTAKEN[0]}\n      - traefik.http.routers.two.rule={OVERTAKEN[1]}\n",
        ["6 low the router `two` never gets a request: the rule of `one` matches"],
    ),
    # Each gets requests.
    *(Case(two(*rules)) for rules in KEPT),
    *(Case(two(second, first)) for first, second in KEPT[1:6]),
    # It is meant, or nothing is lost.
    Case(two(*OVERTAKEN, f"{MORE}priority=60")),
    Case(two(*OVERTAKEN, f"{MORE}priority=1")),
    Case(two(*OVERTAKEN).replace("one.entrypoints=web", "one.priority=70").replace(f"      - {MORE}entrypoints=web\n", "")),
    Case(
        two(
            *OVERTAKEN, f"{MORE}middlewares=https", "traefik.http.middlewares.https.redirectscheme.scheme=https"
        ).replace("entrypoints=web\n  two", "entrypoints=web\n      - traefik.http.routers.one.middlewares=https\n  two")
    ),
    # Another entrypoint, TLS, profile, syntax or container.
    Case(two(*OVERTAKEN).replace("two.entrypoints=web", "two.entrypoints=web,other")),
    Case(two(*OVERTAKEN).replace("one.entrypoints=web", "one.entrypoints=other")),
    Case(two(*OVERTAKEN, f"{MORE}tls=true")),
    Case(two(*OVERTAKEN).replace("image: app:1", "image: app:1\n    profiles: [a]").replace("image: app:2", "image: app:2\n    profiles: [b]")),
    Case(two(*OVERTAKEN, f"{MORE}rulesyntax=v2")),
    Case(two(*OVERTAKEN, "traefik.enable=false")),
    Case(two(*OVERTAKEN, image="traefik:v2.11")),
    Case(two(f"Host({A}) || Host(${{OTHER}})", OVERTAKEN[1])),
    Case(two(f"Host({A}) || Host({B}", OVERTAKEN[1])),
    Case(two(*OVERTAKEN, f"{MORE}priority=high")),
)  # fmt: skip


def test_the_table() -> None:
    assert differences(RULE, CASES) == []


def test_a_fault_in_the_rule_is_noticed() -> None:
    for right, wrong in (
        ("return one is not None and other is not None and covers(one, other)", "return True"),
        ("first.is_set or ", ""),
        ("or one.has_tls is not other.has_tls", ""),
        ("or one.never_meets(other)", ""),
        ("or item.has(\"rulesyntax\")", ""),
        ("and not _redirects(edge, first, second)", ""),
        ("second.entrypoints <= first.entrypoints", "True"),
        ("Severity.LOW if _same(one, other) else None", "None"),
        ("second.priority <= _LAST", "False"),
    ):  # fmt: skip
        assert differences(with_fault(RULE, right, wrong), CASES), right


def test_rules_are_not_read_again_for_each_pair(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are compared in pairs: 400 of one host took six seconds."""
    read: list[str] = []
    monkeypatch.setattr(rule_syntax, "parse_rule", lambda text, _: read.append(text) or parse_rule(text))
    routers = [f"      - traefik.http.routers.r{at}.rule=Host(`many.example`) && Path(`/{at}`)\n" for at in range(40)]
    text = "services:\n  web:\n    image: app:1\n    labels:\n" + "".join(routers)
    assert found(project(text), "EL115") == []
    assert len(set(read)) == 40
    assert len(read) <= 80  # a rule about their syntax reads them, too


def answered(port: int, request: str) -> str:
    """The name of the server that Traefik asks."""
    host, _, path = request.partition(" ")
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path, headers={"Host": host if "." in host else f"{host}.example.com"})
    try:
        return connection.getresponse().headers.get("Server-Name", "")
    finally:
        connection.close()


@pytest.mark.slow
@pytest.mark.parametrize(("pairs", "asked", "served"), [(TAKEN, "taken", "one"), (KEPT, "kept", "two")])
def test_traefik_serves_as_the_rule_says(
    tmp_path: Path, pairs: tuple[tuple[str, str], ...], asked: str, served: str
) -> None:
    ports = [free_port() for _ in pairs]
    with named("one") as one, named("two") as two_:
        routers = {
            f"{name}{index}": {"rule": rule.replace("$$", "$"), "entryPoints": [f"p{index}"], "service": name}
            for index, pair in enumerate(pairs)
            for name, rule in zip(("one", "two"), pair, strict=True)
        }
        services = {name: {"loadBalancer": {"servers": [{"url": url}]}} for name, url in (("one", one), ("two", two_))}
        file = tmp_path / "dynamic.yml"
        file.write_text(yaml.safe_dump({"http": {"routers": routers, "services": services}}))
        flags = [f"--entrypoints.p{index}.address=127.0.0.1:{port}" for index, port in enumerate(ports)]
        with running([*flags, f"--providers.file.filename={file}"]) as traefik:
            data = traefik.until(lambda data: f"two{len(pairs) - 1}@file" in data.get("routers", {}))
            assert {item["status"] for item in data["routers"].values()} == {"enabled"}
            said = [answered(port, request) for port, request in zip(ports, ASKED[asked], strict=True)]
    assert said == [served] * len(pairs)

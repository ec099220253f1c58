"""Hosts that are not among the names of their certificate."""

from __future__ import annotations

from tests.lint.cases import Case, differences, module, with_fault

RULE = module(__name__)
WILD = "--entrypoints.s.http.tls.domains[0].main=*.a.test"
BOTH = "--entrypoints.s.http.tls.domains[0].main=a.test,--entrypoints.s.http.tls.domains[0].sans=*.a.test"
RESOLVER = "--entrypoints.s.http.tls.certresolver=le"


def edge(*flags: str) -> str:
    given = "".join(f"      - {flag}\n" for one in flags for flag in one.split(",--"))
    given = given.replace("- entry", "- --entry")
    return (
        "services:\n  edge:\n    image: traefik:v3.7\n    command:\n      - --providers.docker\n"
        f"      - --entrypoints.s.address=:443\n      - --certificatesresolvers.le.acme.tlschallenge\n{given}"
    )


def app(host: str, *labels: str, name: str = "app") -> str:
    start = f"traefik.http.routers.{name}"
    lines = (f"{start}.rule=Host(`{host}`)", f"{start}.entrypoints=s", *(f"{start}.{label}" for label in labels))
    return f"  {name}:\n    image: app:1\n    labels:\n" + "".join(f"      - {line}\n" for line in lines)


OWN = ("tls.certresolver=le", "tls.domains[0].main=b.test")
CASES = (
    Case(
        edge(RESOLVER, WILD) + app("a.test"),
        ["13 medium the certificate of the router `app` is for `*.a.test`, and its host `a.test` gets Traefik's own"],
    ),
    Case(edge(RESOLVER, BOTH) + app("x.y.a.test"), ["14 medium the certificate of the router `app` is for `a.test`, `*.a.test`"]),
    Case(edge() + app("a.test", *OWN), ["14 medium the certificate of the router `app` is for `b.test`, and its host"]),
    Case(
        edge() + app("a.test", "tls.certresolver=le", "tls.domains[0].main=www.a.test", "tls.domains[0].sans=b.test,c.test"),
        ["14 medium the certificate of the router `app` is for `www.a.test`, `b.test`, `c.test`, and its host `a.test`"],
    ),
    # What must not be found.
    Case(edge(RESOLVER, BOTH) + app("a.test") + app("x.a.test", name="two")),
    Case(edge(RESOLVER, WILD) + app("x.a.test")),
    Case(edge(RESOLVER, WILD) + app("nas") + app("*.a.test", name="two")),
    Case(edge(RESOLVER, WILD) + app("a.test", "tls.certresolver=le")),
    Case(edge(RESOLVER, WILD) + app("a.test") + app("a.test`) && PathPrefix(`/x", "tls.certresolver=le", name="two")),
    Case(edge() + app("a.test", *OWN) + app("b.test", "tls.certresolver=le", "tls.domains[0].main=a.test", "tls.domains[1].main=b.test", name="two")),
    Case(edge() + app("a.test", "tls.certresolver=le", "tls.domains[0].main=*.${NAME}")),
    Case(edge(WILD) + app("a.test")),
    Case(edge() + app("a.test", "tls.certresolver=le")),
    Case(edge() + app("a.test", "tls.domains[0].main=b.test", "tls=true")),
    Case(
        edge("--providers.file.filename=/d.yml") + app("a.test", *OWN) + "  x:\n    image: a\n",
        files={"d.yml": "tls: {certificates: []}\n"},
    ),
    Case(
        edge("--providers.file.filename=/d.yml").replace("    command", "    volumes: [./d.yml:/d.yml]\n    command") + app("a.test", *OWN),
        files={"d.yml": "tls: {certificates: [{certFile: /a, keyFile: /b}]}\n"},
    ),
    Case(edge(RESOLVER, WILD.replace("a.test", "${NAME}")) + app("a.test")),
    Case("services:\n" + app("a.test", *OWN)),
)  # fmt: skip


def test_the_table() -> None:
    assert differences(RULE, CASES) == []


def test_files_are_read_alike() -> None:
    text = (
        "http:\n  services: {s: {loadBalancer: {servers: [{url: 'http://192.0.2.1'}]}}}\n  routers:\n"
        "    r: {rule: Host(`a.test`), service: s, tls: {certResolver: le, domains: [{main: b.test, sans: [SANS]}]}}\n"
    )
    mounted = edge("--providers.file.filename=/d.yml").replace(
        "    command", "    volumes: [./d.yml:/d.yml]\n    command"
    )
    assert differences(RULE, [Case(mounted, files={"d.yml": text.replace("SANS", "a.test")})]) == []
    found = "4 medium the certificate of the router `r` is for `b.test`, `c.test`, and its host `a.test` gets"
    assert differences(RULE, [Case(mounted, [found], files={"d.yml": text.replace("SANS", "c.test")})]) == []


def test_a_fault_in_the_rule_is_noticed() -> None:
    for old, new in (
        (" or edge.may_have_certificates", ""),
        ("not covers(ordered, host)", "host not in names"),
        ("not all(router.known and router.whole for router in routers)", "False"),
        ("if router.has_tls:\n        return _own", "if False:\n        return _own"),
        ("|sans)", ")"),
        (' and "." in host', ""),
        ("all(value.known for value in options)", "True"),
    ):
        assert differences(with_fault(RULE, old, new), CASES), old

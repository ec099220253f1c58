"""TCP routers that take the plain HTTP of their entrypoint."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.lint.cases import Case, differences, module, with_fault
from tests.traefik.named import named
from tests.traefik.process import free_port, running

RULE = module(__name__)
TO = "--entrypoints.web.http.redirections.entrypoint.to=s"


def edge(*flags: str) -> str:
    usual = (
        "--providers.docker",
        "--entrypoints.web.address=:80",
        "--entrypoints.s.address=:443",
        "--entrypoints.ssh.address=:22",
    )
    lines = "".join(f"      - {flag}\n" for flag in (*usual, *flags))
    return f"services:\n  edge:\n    image: traefik:v3.7\n    command:\n{lines}"


def app(*labels: str, rule: str = "HostSNI(`*`)") -> str:
    start = "traefik.tcp.routers.git."
    given = (
        f"{start}rule={rule}",
        "traefik.tcp.services.git.loadbalancer.server.port=22",
        *(start + one for one in labels),
    )
    return "  app:\n    image: app:1\n    labels:\n" + "".join(f"      - {label}\n" for label in given)


def site(*labels: str) -> str:
    start = "traefik.http.routers.site."
    lines = "".join(f"      - {start}{label}\n" for label in ("rule=Host(`a.test`)", *labels))
    return f"  site:\n    image: site:1\n    labels:\n{lines}"


TAKES = "high the TCP router `git` takes every connection without TLS on `web`:"
CASES = (
    Case(edge(TO) + app(), [f"13 {TAKES} the redirection to https never gets one"]),
    Case(edge(TO) + app("entrypoints=web"), [f"15 {TAKES} the redirection"]),
    Case(edge() + app() + site("entrypoints=web"), [f"12 {TAKES} the HTTP router `site` never gets one"]),
    Case(
        edge("--certificatesresolvers.le.acme.httpchallenge.entrypoint=web") + app(),
        [f"13 {TAKES} the HTTP challenge never gets one"],
    ),
    # What must not be found.
    Case(edge(TO) + app("entrypoints=ssh") + site("entrypoints=web")),
    Case(edge(TO) + app("tls=true")),
    Case(edge(TO) + app(rule="HostSNI(`*`) && ClientIP(`10.0.0.0/8`)")),
    Case(edge(TO) + app("entrypoints=${WHERE}")),
    Case(edge(TO, "--entrypoints.ssh.asdefault=true") + app()),
    Case(edge() + app("entrypoints=s") + site("entrypoints=s", "tls=true")),
    Case(edge("--entrypoints.s.http.tls=true") + app("entrypoints=s") + site("entrypoints=s")),
    Case(edge() + app() + site()),
    Case("services:\n" + app() + site("entrypoints=web")),
)  # fmt: skip


def test_the_table() -> None:
    assert differences(RULE, CASES) == []


def test_a_fault_in_the_rule_is_noticed() -> None:
    for old, new in (
        ("and not router.has_tls\n\n", "\n\n"),
        ("plain and router.known", "plain"),
        ('rule in ("hostsni(`*`)", ', 'rule.startswith("hostsni(`*`)") or rule in ('),
        ('if static.has(f"entrypoints.{name}.http.tls"):', "if False:"),
        ("edge.takes(router) and not router.has_tls:\n", "True:\n"),
    ):
        assert differences(with_fault(RULE, old, new), CASES), old


@pytest.mark.slow
@pytest.mark.parametrize(("entrypoint", "code"), [("web", 200), ("spare", 404)])
def test_traefik_itself(tmp_path: Path, entrypoint: str, code: int) -> None:
    """On the entrypoint of the TCP router its server answers every plain request, and no HTTP router does."""
    with named("tcp") as url, named("http") as other:
        tcp = {"rule": "HostSNI(`*`)", "service": "t", "entryPoints": [entrypoint]}
        web = {"rule": "Host(`a.test`)", "service": "h", "entryPoints": ["web"]}
        data = {
            "tcp": {
                "routers": {"t": tcp},
                "services": {"t": {"loadBalancer": {"servers": [{"address": url.removeprefix("http://")}]}}},
            },
            "http": {"routers": {"h": web}, "services": {"h": {"loadBalancer": {"servers": [{"url": other}]}}}},
        }
        file = tmp_path / "dynamic.yml"
        file.write_text(yaml.safe_dump(data))
        spare = f"--entrypoints.spare.address=127.0.0.1:{free_port()}"
        with running([f"--providers.file.filename={file}", spare]) as proxy:
            proxy.until(lambda data: "h@file" in data.get("routers", {}))
            assert proxy.status("/", "nobody.test") == code

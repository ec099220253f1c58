"""A push that fails after sixty seconds."""

from __future__ import annotations

from tests.lint.cases import Case, differences, module, with_fault

RULE = module(__name__)

ROUTED = """\
  reg:
    image: registry:2
    labels:
      - traefik.enable=true
      - traefik.http.routers.r.rule=Host(`r.example.com`)
"""
SECURE = f"{ROUTED}      - traefik.http.routers.r.entrypoints=websecure\n"
TIMEOUT = "entrypoints.websecure.transport.respondingtimeouts.readtimeout"


def behind(*flags: str, version: str = "v3.7", registry: str = SECURE) -> str:
    """A registry behind a Traefik whose entrypoint `websecure` is in line 8, with more flags from 9 on."""
    words = ("providers.docker=true", "entrypoints.web.address=:80", "entrypoints.websecure.address=:443", *flags)
    return (
        f'services:\n  edge:\n    image: traefik:{version}\n    ports: ["80:80", "443:443"]\n    command:\n'
        + "".join(f"      - --{word}\n" for word in words)
        + registry
    )


CASES = (
    Case(
        behind(),
        ["8 medium the default `readTimeout` of 60 seconds of the entrypoint `websecure` cuts"],
    ),
    Case(
        behind(f"{TIMEOUT}=60s"),
        ["9 medium `readTimeout` 60s of the entrypoint"],
    ),
    Case(
        behind(f"{TIMEOUT}=120"),
        ["9 medium `readTimeout` 120"],
    ),
    Case(
        behind(version="v2.11.31"),
        ["8 medium the default"],
    ),
    Case(
        behind(registry=ROUTED),
        ["7 medium the default", "8 medium the default"],
    ),
    Case(
        behind("entrypoints.web.http.redirections.entrypoint.to=websecure", registry=ROUTED),
        ["8 medium the default"],
    ),
    Case(
        behind("entrypoints.websecure.asdefault=true", registry=ROUTED),
        ["8 medium the default"],
    ),
    Case(behind(f"{TIMEOUT}=0")),
    Case(behind(f"{TIMEOUT}=0s")),
    Case(behind(f"{TIMEOUT}=1h")),
    Case(behind(f"{TIMEOUT}=${{T}}")),
    Case(behind(version="v2.10")),
    Case(behind(registry="  reg:\n    image: registry:2\n")),
    Case(f"services:\n{SECURE}"),
    Case(behind(registry="")),
)


def test_the_table() -> None:
    assert differences(RULE, CASES) == []


def test_a_fault_in_the_rule_is_noticed() -> None:
    assert differences(with_fault(RULE, "LEAST = 600.0", "LEAST = 10.0"), CASES)
    assert differences(with_fault(RULE, "Version(2, 11, 2)", "Version(2, 0, 0)"), CASES)

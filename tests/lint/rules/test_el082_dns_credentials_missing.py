"""A challenge by DNS without a login."""

from __future__ import annotations

from tests.lint.acme_table import proxy
from tests.lint.cases import Case, differences, module, with_fault

RULE = module(__name__)
CASES = (
    Case(
        proxy("dnschallenge.provider=cloudflare"),
        ["10 medium the resolver `le` needs a login for `cloudflare`, and"],
    ),
    Case(
        proxy("dnschallenge.provider=digitalocean", more="environment: [TZ=UTC]\n"),
        ["10 medium the resolver `le` needs a login for `digitalocean`"],
    ),
    Case(
        proxy("dnschallenge.provider=cloudflare", more="env_file: cf.env\n"),
        ["10 unknown whether `edge` has a login for `cloudflare`"],
    ),
    Case(proxy("dnschallenge.provider=cloudflare", more="environment: [CF_DNS_API_TOKEN]\n")),
    Case(
        proxy("dnschallenge.provider=cloudflare", more="environment:\n  CF_DNS_API_TOKEN_FILE: /run/secrets/cf\n"),
        ["12 medium nothing is mounted at `/run/secrets/cf` into `edge`, where `CF_DNS_API_TOKEN_FILE` has a login"],
    ),
    Case(
        proxy(
            "dnschallenge.provider=cloudflare",
            more="environment:\n  CF_DNS_API_TOKEN_FILE: /run/secrets/cf\nsecrets: [cf]\n",
        )
    ),
    Case(proxy("dnschallenge.provider=cloudflare", more="environment:\n  CF_DNS_API_TOKEN_FILE: $X\n")),
    Case(proxy("dnschallenge.provider=cloudflare", more="build: .\nenvironment:\n  CF_DNS_API_TOKEN_FILE: /x\n")),
    Case(proxy("dnschallenge.provider=cloudflare", more='environment: ["CLOUDFLARE_DNS_API_TOKEN=${T}"]\n')),
    *(
        Case(
            proxy("dnschallenge.provider=cloudflare", more=f"environment: [{variable}=x]\n"),
            [
                f"11 medium `edge` has `{variable}`, which is not a login for `cloudflare`: it needs `CF_DNS_API_TOKEN` or"
            ],
        )
        for variable in ("CF_API_TOKEN", "CF_DNS_TOKEN", "CF_API_EMAIL", "CLOUDFLARE_API_TOKEN", "CF_ZONE_API_TOKEN")
    ),
    Case(
        proxy("dnschallenge.provider=porkbun", more="environment: [PORKBUN_API_KEY=x]\n"),
        ["11 medium `edge` has `PORKBUN_API_KEY`, which is not a login for `porkbun`: it needs `PORKBUN_API_KEY` and"],
    ),
    Case(proxy("dnschallenge.provider=cloudflare", more="environment: [CF_API_EMAIL=x, CLOUDFLARE_API_KEY=y]\n")),
    Case(proxy("dnschallenge.provider=cloudflare", more="environment: [CF_API_EMAIL=x]\nenv_file: ${F}\n")),
    Case(proxy("dnschallenge.provider=inwx", more="environment: [INWX_SHARED_SECRET=x]\n")),
    Case(proxy("dnschallenge.provider=route53")),
    Case(proxy("dnschallenge.provider=${P}")),
    Case(
        proxy("dnschallenge.provider=cloudflare", more="env_file: cf.env\n"),
        files={"cf.env": "CF_DNS_API_TOKEN=x\n"},
    ),
    Case(proxy()),
)


def test_the_table() -> None:
    assert differences(RULE, CASES) == []


def test_a_fault_in_the_rule_is_noticed() -> None:
    assert differences(with_fault(RULE, "place_of(project, traefik, value.text) is None", "False"), CASES)
    assert differences(with_fault(RULE, ".startswith(starts)", '.startswith("X")'), CASES)
    assert differences(
        with_fault(RULE, "        if environment_is_hidden(project, traefik)", "        if False"), CASES
    )
    assert differences(with_fault(RULE, "if not environment_is_hidden(project, traefik)", "if True"), CASES)
    assert differences(with_fault(RULE, '.removesuffix("_FILE")', ""), CASES)
    assert differences(with_fault(RULE, "if name not in ALSO:", "if True:"), CASES)

"""A login for a DNS provider in the Compose file."""

from __future__ import annotations

from tests.lint.acme_table import proxy
from tests.lint.cases import Case, differences, module, with_fault

RULE = module(__name__)
CASES = (
    Case(
        proxy("dnschallenge.provider=cloudflare", more="environment:\n  CF_DNS_API_TOKEN: kJ8s9dKq2LqQ8sPz7vT1uWmN\n"),
        ["12 medium `CF_DNS_API_TOKEN` is in the file"],
    ),
    Case(
        proxy(
            "dnschallenge.provider=duckdns",
            more="environment:\n  - DUCKDNS_TOKEN=0f8e7d6c-5b4a-4938-a716-05f4e3d2c1b0\n",
        ),
        ["12 medium `DUCKDNS_TOKEN`"],
    ),
    Case(
        proxy(
            "dnschallenge.provider=cloudflare",
            more="environment:\n  CF_DNS_API_TOKEN: ${CLOUDFLARE_ZONE_TOKEN:-kJ8s9dKq2L}\n",
        )
    ),
    Case(proxy("dnschallenge.provider=cloudflare", more="environment:\n  CF_DNS_API_TOKEN: your-cloudflare-token\n")),
    Case(
        proxy(
            "dnschallenge.provider=cloudflare",
            more="environment:\n  CF_DNS_API_TOKEN_FILE: /run/secrets/cloudflare-token\n",
        )
    ),
    Case(
        proxy("dnschallenge.provider=cloudflare", more="env_file: cf.env\n"),
        files={"cf.env": "CF_DNS_API_TOKEN=kJ8s9dKq2LqQ8sPz7vT1uWmN\n"},
    ),
    Case(
        proxy(
            "dnschallenge.provider=cloudflare", more="environment:\n  CF_API_EMAIL: someone-with-a-long-name@site.org\n"
        )
    ),
)


def test_the_table() -> None:
    assert differences(RULE, CASES) == []


def test_a_fault_in_the_rule_is_noticed() -> None:
    assert differences(with_fault(RULE, "name.upper() in SECRETS", "name.upper() not in SECRETS"), CASES)
    assert differences(with_fault(RULE, '"$" in text or', ""), CASES)

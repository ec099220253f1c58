"""An allow list without a strategy behind a proxy that the files show."""

from __future__ import annotations

from tests.lint.cases import Case, differences, module, with_fault

RULE = module(__name__)


def stack(trusted: str, source: str, *labels: str, entrypoints: str = "websecure", more: str = "") -> str:
    own = "".join(f"      - {label}\n" for label in labels)
    return f"""\
services:
  edge:
    image: traefik:v3.7
    ports: ["80:80", "443:443"]
    volumes: ["./dynamic:/dynamic"]
    command:
      - --providers.docker=true
      - --entrypoints.web.address=:80
      - --entrypoints.websecure.address=:443
{"".join(f"      - --entrypoints.{option}{chr(10)}" for option in filter(None, (trusted, more)))}\
  web:
    image: nginx
    labels:
      - traefik.http.routers.web.rule=Host(`a.example.com`)
      - traefik.http.routers.web.entrypoints={entrypoints}
      - traefik.http.routers.web.middlewares=office
      - {source}
{own}"""


OFFICE = "traefik.http.middlewares.office.ipallowlist.sourcerange=198.51.100.0/24,2001:db9::/32"
CLOUDFLARE = "websecure.forwardedheaders.trustedips=173.245.48.0/20,10.0.0.0/8"
SAID = "17 low `office` checks the address that connects to Traefik: that of the proxy which `websecure` trusts"
FILE = """\
http:
  middlewares:
    office:
      ipAllowList:
        sourceRange: [198.51.100.7]
"""
BY_FILE = stack(CLOUDFLARE, "a=b", more="x.address=:81\n      - --providers.file.directory=/dynamic").replace(
    "middlewares=office", "middlewares=office@file"
)
CASES = (
    Case(stack(CLOUDFLARE, OFFICE), [SAID]),
    Case(stack(CLOUDFLARE, OFFICE.replace("ipallowlist", "ipwhitelist")), [SAID]),
    Case(
        stack(CLOUDFLARE, OFFICE, entrypoints="web,websecure", more="web.forwardedheaders.trustedips=10.0.0.0/8"),
        ["18 low `office` checks the address that connects to Traefik: that of the proxy which `web` trusts"],
    ),
    Case(BY_FILE, ["5 low `office` checks"], files={"dynamic/d.yml": FILE}),
    Case(  # without entrypoints it is on the default one
        stack(CLOUDFLARE, OFFICE, more="websecure.asdefault=true").replace("routers.web.entrypoints=websecure", "x=y"),
        ["18 low `office` checks the address that connects to Traefik: that of the proxy which `websecure` trusts"],
    ),
    # It says how to find the client.
    Case(stack(CLOUDFLARE, OFFICE, "traefik.http.middlewares.office.ipallowlist.ipstrategy.depth=1")),
    Case(stack(CLOUDFLARE, OFFICE, "traefik.http.middlewares.office.ipallowlist.ipstrategy.excludedips=10.0.0.0/8")),
    Case(BY_FILE, files={"dynamic/d.yml": FILE + "        ipStrategy: {depth: 2}\n"}),
    # No file shows a proxy.
    Case(stack("", OFFICE)),
    Case(stack(CLOUDFLARE.replace("websecure", "web"), OFFICE)),
    Case(stack(CLOUDFLARE, OFFICE, entrypoints="web,websecure")),
    Case(stack("websecure.forwardedheaders.insecure=true", OFFICE)),
    Case(stack("websecure.forwardedheaders.trustedips=${PROXIES}", OFFICE)),
    # With the PROXY protocol Traefik sees the client.
    Case(stack(CLOUDFLARE, OFFICE, more="websecure.proxyprotocol.trustedips=10.0.0.0/8")),
    # Only who comes through the proxy, or from inside, is meant.
    Case(stack(CLOUDFLARE, OFFICE.replace("198.51.100.0/24", "173.245.48.0/20"))),
    Case(stack(CLOUDFLARE, OFFICE.replace("198.51.100.0/24", "192.168.0.0/16"))),
    Case(stack(CLOUDFLARE, "traefik.http.middlewares.office.ipallowlist.sourcerange=${OFFICE}")),
    # edge.yaml says whether the name is proxied.
    Case("# Rendered by edgegen 0.1.0 from edge.yaml\n" + stack(CLOUDFLARE, OFFICE)),
    # Nobody uses it.
    Case(stack(CLOUDFLARE, OFFICE).replace("web.middlewares=office", "web.middlewares=other")),
)


def test_the_table() -> None:
    assert differences(RULE, CASES) == []


def test_a_fault_in_the_rule_is_noticed() -> None:
    assert differences(with_fault(RULE, "or sees_clients", ""), CASES)
    assert differences(
        with_fault(RULE, 'means_clients(middleware.words(f"{kind}.sourcerange"), proxies)', "True"), CASES
    )
    assert differences(with_fault(RULE, 'and not item.has(f"{kinds[0]}.ipstrategy")', ""), CASES)

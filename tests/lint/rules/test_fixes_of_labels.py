"""What the rules about labels fix: the text afterwards, and nothing left to fix for that rule."""

from __future__ import annotations

import pytest

from edgegen.lint.engine import lint
from edgegen.lint.rule import Edit
from tests.lint.support import COMPOSE, project
from tests.lint.table import stack, swarm, traefik

ROUTER = "traefik.http.routers.web"
RULE = f"{ROUTER}.rule=Host(`a.test`)"
AUTH = "traefik.http.middlewares.auth.basicauth.usersfile=/users"
MIDDLEWARE = "traefik.http.middlewares.m"
PORT = "traefik.http.services.web.loadbalancer.server.port=80"

FIXED = [
    ("EL001", stack(f"{ROUTER}.tls.certresolvers=le"), f"{ROUTER}.tls.certresolver=le"),
    ("EL002", stack(RULE, f"{ROUTER}.tls=yes"), f"{ROUTER}.tls=true"),
    ("EL002", stack(RULE).replace("traefik.http", "treafik.http"), RULE),
    ("EL005", stack(RULE, f"{ROUTER}.middlewares=Auth", AUTH) + traefik(), f"{ROUTER}.middlewares=auth"),
    ("EL005", stack(RULE, f"{ROUTER}.middlewares=x@file,auth@swarm", AUTH) + traefik(), f"{ROUTER}.middlewares=x@file,auth@docker"),
    ("EL005", stack(RULE, f"{ROUTER}.middlewares=auth,", AUTH) + traefik(), f"{ROUTER}.middlewares=auth"),
    ("EL006", stack(RULE, PORT.replace("web", "backend"), f"{ROUTER}.service=bakend") + traefik(), f"{ROUTER}.service=backend"),
    ("EL009", stack(RULE, f"{ROUTER}.tls.certresolver=LE") + traefik(), f"{ROUTER}.tls.certresolver=le"),
    ("EL010", stack(RULE, f"{ROUTER}.entrypoints=web,websecur") + traefik(), f"{ROUTER}.entrypoints=web,websecure"),
    ("EL011", "name: site\n" + stack(RULE, "traefik.docker.network=edge", more="networks: [edge]") + "networks: {edge: {}}\n", "traefik.docker.network=site_edge"),
    ("EL017", swarm(RULE, PORT, "traefik.docker.network=edge") + traefik(usual=["--providers.swarm=true"]), "traefik.swarm.network=edge"),
    ("EL001", stack(RULE, enable="yes"), "traefik.enable=true"),
    ("EL001", stack(RULE, enable="Off"), "traefik.enable=false"),
    ("EL001", stack(RULE, enable='"true"'), "traefik.enable=true"),
    ("EL015", stack(RULE, PORT.replace("=80", '="80"')), PORT),
    ("EL018", stack(f'{ROUTER}.rule="Host(`a.test`)"'), RULE),
    ("EL018", stack(f"{ROUTER}.rule=Host(a.test)"), RULE),
    ("EL020", stack(RULE, PORT, PORT.replace("web", "b")), f"{ROUTER}.service=web"),
    ("EL032", stack("traefik.http.middlewares.auth.basicauth.users=a:$apr1$ruca84Hq$mbjdMZBAG"), "traefik.http.middlewares.auth.basicauth.users=a:$$apr1$$ruca84Hq$$mbjdMZBAG"),
    ("EL101", "services:\n  web:\n    image: app:1\n    environment:\n      MASK: 0022\n", 'MASK: "0022"'),
    ("EL101", "services:\n  web:\n    image: app:1\n    environment:\n      V: 1.10\n", 'V: "1.10"'),
    ("EL106", stack(f"{MIDDLEWARE}.stripprefix.prefixes=/a,api"), f"{MIDDLEWARE}.stripprefix.prefixes=/a,/api"),
    ("EL106", stack(f"{MIDDLEWARE}.forwardauth.address=auth:9091/x"), f"{MIDDLEWARE}.forwardauth.address=http://auth:9091/x"),
    ("EL106", stack(f"{MIDDLEWARE}.redirectscheme.scheme=htps"), f"{MIDDLEWARE}.redirectscheme.scheme=https"),
    ("EL106", stack(f"{MIDDLEWARE}.forwardauth.authresponseheaders=Remote-User Remote-Name,X-A"), f"{MIDDLEWARE}.forwardauth.authresponseheaders=Remote-User,Remote-Name,X-A"),
    ("EL106", stack(f"{MIDDLEWARE}.redirectscheme.scheme=websecure"), f"{MIDDLEWARE}.redirectscheme.scheme=https"),
    ("EL106", stack(f"{MIDDLEWARE}.redirectscheme.scheme=https://"), f"{MIDDLEWARE}.redirectscheme.scheme=https"),
    ("EL042", stack() + traefik("--log.level=WARNING"), "--log.level=warn"),
    ("EL042", stack() + traefik("--entrypoints.a.address=81"), "--entrypoints.a.address=:81"),
    ("EL042", stack() + traefik("--certificatesresolvers.le.acme.keytype=ec256"), "--certificatesresolvers.le.acme.keytype=EC256"),
    ("EL042", stack() + "  traefik:\n    image: traefik:v3.7.15\n    command: --log.format=JSON --api\n", "command: --log.format=json --api"),
    ("EL042", stack() + "  traefik:\n    image: traefik:v3.7.15\n    environment:\n      TRAEFIK_ACCESSLOG_FORMAT: JSON\n", "TRAEFIK_ACCESSLOG_FORMAT: json"),
    ("EL036", stack("traefik.http.middlewares.m.ipWhiteList.sourcerange=10.0.0.0/8"), "traefik.http.middlewares.m.ipallowlist.sourcerange=10.0.0.0/8"),
]  # fmt: skip

NOT_FIXED = [
    ("EL101", "services:\n  web:\n    image: app:1\n    environment:\n      N: 1_000\n"),
    ("EL101", "services:\n  web:\n    image: app:1\n    environment:\n      N: 0x1f\n"),
    ("EL106", stack(f"{MIDDLEWARE}.forwardauth.address=auth:8443/x")),
    ("EL106", stack(f"{MIDDLEWARE}.forwardauth.address=auth/x")),
    ("EL106", stack(f"{MIDDLEWARE}.forwardauth.address=tcp://auth:9091")),
    ("EL106", stack(f"{MIDDLEWARE}.redirectscheme.scheme=443")),
    ("EL042", stack() + traefik("--log.level=loud")),
    ("EL042", stack() + traefik("--entrypoints.a.address=99999")),
    ("EL005", stack(RULE, f"{ROUTER}.middlewares=oauth", AUTH) + traefik()),
    ("EL005", stack(RULE, f"{ROUTER}.middlewares=nope", AUTH) + traefik()),
    ("EL009", stack(RULE, f"{ROUTER}.tls.certresolver=letsencrypt") + traefik()),
    ("EL010", stack(RULE, f"{ROUTER}.entrypoints=https") + traefik()),
    ("EL011", stack(RULE, "traefik.docker.network=edge", more="networks: [edge]") + "networks: {edge: {}}\n"),
    ("EL018", stack(f"{ROUTER}.rule=Host(`a.test`,`b.test`)")),
    ("EL020", stack(RULE, PORT.replace("web", "a"), PORT.replace("web", "b"))),
    ("EL036", stack(f"{ROUTER}.rulesyntax=v2")),
]
"""Where something else may have been meant, or the fix would change more than the fault."""


@pytest.mark.parametrize(("rule", "text", "label"), FIXED)
def test_a_fix_writes_what_was_meant(rule: str, text: str, label: str) -> None:
    after = changed(text, edits(rule, text))
    assert label in [line.strip().removeprefix("- ") for line in after.splitlines()]
    assert len(after.splitlines()) - len(text.splitlines()) == (rule == "EL020")
    assert not edits(rule, after)


@pytest.mark.parametrize(("rule", "text"), NOT_FIXED)
def test_what_is_not_certain_is_not_fixed(rule: str, text: str) -> None:
    assert any(item.finding.id == rule for item in lint(project(text)))
    assert not edits(rule, text)


def edits(rule: str, text: str) -> list[Edit]:
    found = [item.fix for item in lint(project(text)) if item.finding.id == rule and item.fix]
    return [edit for fix in found for edit in fix.edits]


def changed(text: str, wanted: list[Edit]) -> str:
    for edit in sorted(wanted, key=lambda edit: -edit.start):
        assert edit.file.name == COMPOSE
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text

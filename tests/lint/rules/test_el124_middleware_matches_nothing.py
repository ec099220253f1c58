"""Redirects and prefixes that no request has."""

from __future__ import annotations

import pytest

from tests.lint.cases import Case, differences, module, with_fault
from tests.lint.table import stack, traefik

RULE = module(__name__)
R = "traefik.http.routers.web"
USED = f"{R}.middlewares=m"
TLS = f"{R}.tls.certresolver=le"
WWW = "^https?://www\\.(.+)"


def redirect(regex: str, rule: str, *more: str, to: str = "https://$${1}") -> str:
    m = "traefik.http.middlewares.m.redirectregex"
    return stack(f"{R}.rule={rule}", USED, f"{m}.regex={regex}", f"{m}.replacement={to}", *more) + traefik()


def strip(prefix: str, rule: str, *more: str) -> str:
    return (
        stack(f"{R}.rule={rule}", USED, f"traefik.http.middlewares.m.stripprefix.prefixes={prefix}", *more) + traefik()
    )


NEVER = "medium the middleware `m` never does anything:"
CASES = (
    Case(redirect(WWW, "Host(`a.test`)", TLS), [f"7 {NEVER} its expression is for hosts that begin with `www.`, and no rule has one"]),
    Case(
        redirect("^https://old\\.a\\.test/(.*)", "Host(`a.test`)", TLS),
        [f"7 {NEVER} its expression is for hosts that begin with `old.a.`"],
    ),
    Case(redirect("^http://(.+)", "Host(`a.test`)", TLS), [f"7 {NEVER} its expression is for `http://`, and its routers are for https"]),
    Case(
        redirect("^https://(.+)", "Host(`a.test`)", f"{R}.entrypoints=web"),
        [f"7 {NEVER} its expression is for `https://`, and its routers are for plain http"],
    ),
    Case(
        redirect("^https?://www\\..+", "Host(`www.a.test`)"),
        ["8 medium the replacement of `m` has the group 1, and its expression has 0: nothing is put in its place"],
    ),
    Case(
        redirect(WWW, "Host(`www.a.test`)", to="https://$1_x"),
        ["8 medium the replacement of `m` has the group `1_x`, which the expression does not have"],
    ),
    Case(strip("/v1", "PathPrefix(`/api`)"), [f"7 {NEVER} no path of its routers begins with `/v1`"]),
    # What must not be found.
    Case(redirect(WWW, "Host(`a.test`) || Host(`www.a.test`)", TLS)),
    Case(redirect(WWW, "HostRegexp(`^.+\\.test$`)", TLS)),
    Case(redirect(WWW, "Host(`a.test`) || HostRegexp(`^w.+$`)", TLS)),
    Case(redirect(WWW, "Host(`*.a.test`)", TLS)),
    Case(redirect(WWW, "PathPrefix(`/`)", TLS)),
    Case(redirect("^https?://(www\\.)?a\\.test/(.*)", "Host(`a.test`)", TLS)),
    Case(redirect("https://(.*)/.well-known/(?:card|cal)dav", "Host(`a.test`)", TLS, to="https://$${1}/dav")),
    Case(redirect("^http://(.+)", "Host(`a.test`)", f"{R}.entrypoints=web")),
    Case(redirect("^https?://www.*a.test/(.*)", "Host(`a.test`)", TLS)),
    Case(redirect(WWW, "Host(`${HOST}`)", TLS)),
    Case(redirect(WWW, "Host(`a.test`)", TLS, f"{R}2.rule=Host(`www.a.test`)", f"{R}2.middlewares=m")),
    Case(redirect(WWW, "Host(`a.test`)", TLS, "traefik.http.middlewares.c.chain.middlewares=m")),
    Case(redirect(WWW, "Host(`a.test`)", TLS).replace(USED, f"{R}.middlewares=n")),
    Case(redirect("^https://(?P<rest>.+)", "Host(`a.test`)", TLS, to="https://$${rest}")),
    Case(strip("/api/", "PathPrefix(`/api`)")),
    Case(strip("/api", "PathPrefix(`/api/v1`)")),
    Case(strip("/v1,/api", "PathPrefix(`/api`)")),
    Case(strip("/v1", "Host(`a.test`)")),
    Case(strip("/v1", "PathPrefix(`/api`) || Host(`a.test`)")),
    Case(strip("/v1", "PathRegexp(`^/v[12]`) && PathPrefix(`/api`)")),
    Case(strip("/v1", "!PathPrefix(`/api`)")),
    Case(strip("/v1", "PathPrefix(`/{version}`)")),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.compose[40:160])
def test_the_table(case: Case) -> None:
    assert differences(RULE, [case]) == []


def test_a_fault_in_the_rule_is_noticed() -> None:
    for old, new in (
        ("secure == {True}", "True"),
        ("secure == {False}", "True"),
        ("sure = all(names) and not any(", "sure = not any("),
        ('name.startswith((host, "*"))', "name.startswith(host)"),
        ("or prefix.startswith(path)", ""),
        (" or _may_have_none(rule)", ""),
        (" or _ANY_PATH.search(rule)", ""),
        ("if number > groups:", "if number >= groups:"),
        ("(?![*+?{])", ""),
    ):
        assert differences(with_fault(RULE, old, new), CASES), old

"""A name in the static configuration that nobody defines.

What it does
    Looks up what entrypoints name for all of their routers (`http.middlewares`, `http.tls.certResolver`,
    `http.tls.options`), and the entrypoints that ping and metrics name.

Why
    A middleware or TLS options that are not there disable every router of the entrypoint; a resolver that is not there
    leaves them with Traefik's own certificate; a ping on an entrypoint that is not there answers nothing.

Example
    `--entrypoints.websecure.http.middlewares=secure-headers`

Instead
    `--entrypoints.websecure.http.middlewares=secure-headers@file`
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.core.show import shown
from edgegen.core.suggest import did_you_mean
from edgegen.lint.defined import full_name
from edgegen.lint.edge import Edge, edge_of
from edgegen.lint.model import Project
from edgegen.lint.rule import Found, Rule
from edgegen.lint.statics import Judged, entrypoints, is_on, judged, known

RULE = Rule("EL058", "entrypoint-reference", Severity.HIGH)


def check(project: Project) -> Iterator[Found]:
    """The references of each static configuration."""
    edge = edge_of(project)
    for item in judged(project):
        names = entrypoints(item)
        for name in names:
            group = f"entrypoints.{name}.http"
            yield from _middlewares(edge, item, f"{group}.middlewares")
            yield from _resolver(item, name, f"{group}.tls.certresolver")
            yield from _options(edge, item, f"{group}.tls.options")
        for user in ("ping", "metrics.prometheus"):
            yield from _internal(item, user, [*names, "traefik"])


def _middlewares(edge: Edge, item: Judged, option: str) -> Iterator[Found]:
    for name in map(str.strip, (known(item.static, option) or "").split(",")):
        if name.endswith("@file") and _is_missing(edge, item, "http", "middlewares", name):
            message = f"there is no middleware `{shown(name)}`: Traefik disables every router of the entrypoint"
            yield Found(item.subject, message, item.spot(option), _near(edge, "middlewares", name))
        elif name and "@" not in name:
            message = f"`{shown(name)}` has no provider: it means another middleware for each router's provider"
            yield Found(
                item.subject, message, item.spot(option), f"write `{shown(name)}@file` or `@docker`", Severity.LOW
            )


def _options(edge: Edge, item: Judged, option: str) -> Iterator[Found]:
    name = known(item.static, option)
    if not name or name == "default":
        return
    full = full_name(name, "file")
    if full.endswith("@file") and _is_missing(edge, item, "tls", "options", full):
        message = f"there are no TLS options `{shown(name)}`: Traefik disables every router of the entrypoint"
        yield Found(item.subject, message, item.spot(option), _near(edge, "options", name))
    elif "@" not in name:
        message = f"`{shown(name)}` has no provider: only routers of files find it"
        yield Found(item.subject, message, item.spot(option), f"write `{shown(name)}@file`", Severity.MEDIUM)


def _is_missing(edge: Edge, item: Judged, section: str, kind: str, name: str) -> bool:
    """Whether all files were seen, and none defines it; or there is no file provider at all."""
    if not item.whole or edge.find(section, kind, name, "file"):
        return False
    if item.traefik.service is None and is_on(item.static, "providers.file"):
        return False
    return edge.files_are_sure


def _near(edge: Edge, kind: str, name: str) -> str:
    return did_you_mean(name, [found.full for found in edge.of(kind)])


def _resolver(item: Judged, name: str, option: str) -> Iterator[Found]:
    resolver = known(item.static, option)
    names = item.static.names("certificatesresolvers")
    if resolver and item.whole and resolver not in names:
        message = (
            f"there is no certificates resolver `{shown(resolver)}`: the routers of `{shown(name)}` get no certificate"
        )
        yield Found(item.subject, message, item.spot(option), did_you_mean(resolver, names))


def _internal(item: Judged, user: str, names: list[str]) -> Iterator[Found]:
    option = f"{user}.entrypoint"
    name = known(item.static, option)
    if name and item.whole and name not in names and known(item.static, f"{user}.manualrouting") in (None, "false"):
        message = f"there is no entrypoint `{shown(name)}`, so `{user}` answers nowhere"
        yield Found(item.subject, message, item.spot(option), did_you_mean(name, names))

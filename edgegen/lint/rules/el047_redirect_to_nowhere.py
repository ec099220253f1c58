"""A redirection of an entrypoint that does not lead anywhere.

What it does
    Looks at `http.redirections.entryPoint`: `to` is missing, names an entrypoint that is not there, names its own, or
    names one whose port is published under another number.

Why
    Without a usable `to` Traefik starts and serves plain HTTP: one line in its log says so. By an entrypoint's name the
    browser is sent to the port inside the container.

Example
    `--entrypoints.web.http.redirections.entrypoint.scheme=https` and nothing else

Instead
    `--entrypoints.web.http.redirections.entrypoint.to=websecure`; with `8443:443`, `….to=:8443`
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from edgegen.core.finding import Severity
from edgegen.core.show import shown
from edgegen.core.suggest import suggest
from edgegen.lint.edits import fix, insert_flag
from edgegen.lint.model import Project, Spot, Value
from edgegen.lint.rule import Confidence, Fix, Found, Rule
from edgegen.lint.statics import Judged, address_of, entrypoints, judged

HTTPS = 443
RULE = Rule("EL047", "redirect-to-nowhere", Severity.HIGH)


def check(project: Project) -> Iterator[Found]:
    """The redirection of each entrypoint."""
    for item in judged(project):
        names = entrypoints(item)
        for name in names:
            group = f"entrypoints.{name}.http.redirections"
            if item.static.has(group):
                yield from _redirect(item, name, names, group)


def _redirect(item: Judged, name: str, names: Mapping[str, Value | None], group: str) -> Iterator[Found]:
    option = f"{group}.entrypoint.to"
    to = item.static.get(option)
    spot = item.spot(option if to else group)
    if to is None or (to.known and not to.text):
        if item.whole or to is not None:
            message = f"the redirection of `{shown(name)}` has no `to`: Traefik starts, and does not redirect"
            hint = "name the entrypoint to redirect to"
            yield Found(item.subject, message, spot, hint, fix=_fix(item, group, names) if to is None else None)
    elif to.known and to.text.startswith(":") and to.text[1:].isdigit():
        return
    elif to.known and to.text not in names:
        yield _absent(item, name, to.text, names, spot)
    elif to.known and to.text == name:
        message = f"the entrypoint `{shown(name)}` redirects to itself: browsers give up after a few redirects"
        yield Found(item.subject, message, spot, "name the entrypoint for HTTPS", Severity.MEDIUM)
    elif to.known and _has_no_address(item, names[to.text]):
        message = f"`{shown(to.text)}` has no address: Traefik starts, and does not redirect `{shown(name)}`"
        yield Found(item.subject, message, spot, f"give `{shown(to.text)}` an address")
    elif to.known:
        yield from _published(item, names[to.text], to.text, spot)


def _fix(item: Judged, group: str, names: Mapping[str, Value | None]) -> Fix | None:
    """To the only entrypoint on port 443, where flags say `https` and nothing else."""
    scheme = item.static.get(f"{group}.entrypoint.scheme")
    secure = [name for name, value in names.items() if _port(value) == HTTPS]
    if item.static.source != "flags" or scheme is None or scheme.text != "https" or len(secure) != 1:
        return None
    flag = f"--{group}.entrypoint.to={secure[0]}"
    return fix(f"add `{flag}`", insert_flag(scheme, flag))


def _port(value: Value | None) -> int | None:
    address = address_of(value)
    return address.port if address and address.protocol == "tcp" else None


def _has_no_address(item: Judged, value: Value | None) -> bool:
    return item.whole if value is None else value.known and not value.text


def _absent(item: Judged, name: str, to: str, names: Mapping[str, Value | None], spot: Spot) -> Found:
    message = f"there is no entrypoint `{shown(to)}`: Traefik starts, and does not redirect `{shown(name)}`"
    near = suggest(to, [other for other in names if other != name])
    if to.isdigit():
        near = f":{to}"
    return Found(item.subject, message, spot, f"did you mean `{near}`?" if near else "")


def _published(item: Judged, value: Value | None, to: str, spot: Spot) -> Iterator[Found]:
    address = address_of(value)
    service = item.traefik.service
    if address is None or service is None:
        return
    port = str(address.port)
    outside = {found.published for found in service.ports if found.target == port and found.protocol in ("tcp", "")}
    if outside and port not in outside and all(found.isdigit() for found in outside):
        number = min(outside)
        message = f"`{shown(to)}` listens on {port} and is published as {number}, but browsers are sent to port {port}"
        yield Found(item.subject, message, spot, f"write `:{number}`", Severity.MEDIUM, Confidence.MEDIUM)

"""Traefik's dashboard and API are not open to everyone.

What it does
    Asks every host for `/api/rawdata` and `/dashboard/` without credentials, and every address for port 8080, and
    recognises Traefik's own answers. The dashboard's own host must ask for a password.

Why
    The API reveals every host, path, middleware and internal address, and password hashes in middlewares. It is open to
    the world after `--api.insecure=true`, which half of all tutorials use.

Example
    `http://192.0.2.10:8080/dashboard/` shows all services of the server.

Instead
    Use `edge: {dashboard: {host: traefik.example.com, users: [admin]}}`, or no dashboard at all; never use
    `--api.insecure`, and never `ports: ["8080:8080"]` on Traefik.

Verdicts
    dashboard-exposed: the dashboard opens without a password, usually together with the API.
    api-exposed: only the API answers without a password.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from edgegen.core.finding import Severity
from edgegen.endpoints import Aspect, Endpoint, Kind
from edgegen.verify.checks.addresses import by_address
from edgegen.verify.checks.check import Check, Context, Fault, Good, Hop, Judgement, Unseen, Verdict
from edgegen.verify.checks.destinations import quoted
from edgegen.verify.checks.reached import handshake, port_reached
from edgegen.verify.checks.traefik import shows_api, shows_dashboard
from edgegen.verify.observation import AddressSeen, Observation, Response

DASHBOARD_EXPOSED = Verdict("dashboard-exposed", Severity.CRITICAL)
API_EXPOSED = Verdict("api-exposed", Severity.CRITICAL)

WATCHED = ("/api/rawdata", "/dashboard/")
"""What must have been requested over https before a host counts as closed. Port 8080 is only listed if it is open."""
_CURE = "protect it with a password (`edge.dashboard.users`), remove `--api.insecure`, and don't publish port 8080"


def judge(seen: Observation, _: Context) -> Iterator[Judgement]:
    """What every address reveals of Traefik itself."""
    if seen.endpoint.speaks_http or any(address.exposed for address in seen.addresses):
        yield from by_address(seen, lambda address: _of_address(address, seen.endpoint), aspect=Aspect.DASHBOARD)


def _of_address(address: AddressSeen, endpoint: Endpoint) -> Iterator[Judgement]:
    faults = [*_shown(address, endpoint)]
    yield from faults
    if faults:
        return
    asked = {urlsplit(answer.url).path for answer in address.exposed if answer.status and _is_secure(answer)}
    reached = handshake(address) if endpoint.speaks_http else port_reached(address)
    if isinstance(reached, Unseen):
        yield reached
    elif endpoint.speaks_http and not asked.issuperset(WATCHED):
        yield Unseen("the paths of Traefik's API and dashboard did not answer")
    else:
        yield Good("neither Traefik's API nor its dashboard opens without a password")


def _shown(address: AddressSeen, endpoint: Endpoint) -> Iterator[Fault]:
    """One fault with all the URLs where something was seen: the dashboard needs the API, and opens with it."""
    dashboards, apis = [], []
    for answer in address.exposed:
        if shows_dashboard(answer):
            dashboards.append(answer.url)
        elif shows_api(answer):
            apis.append(answer.url)
        elif _opens_on_its_own_host(answer, endpoint):
            dashboards.append(answer.url)
    if dashboards and apis:
        yield _fault(DASHBOARD_EXPOSED, "the dashboard and Traefik's API open without a password", dashboards + apis)
    elif dashboards:
        yield _fault(DASHBOARD_EXPOSED, "the dashboard opens without a password", dashboards)
    elif apis:
        yield _fault(API_EXPOSED, "Traefik's API answers without a password", apis)


def _opens_on_its_own_host(answer: Response, endpoint: Endpoint) -> bool:
    """On that host any 200 is Traefik's, even if it can't be recognised."""
    return endpoint.kind is Kind.DASHBOARD and answer.status == 200 and _is_secure(answer)


def _is_secure(answer: Response) -> bool:
    return answer.url.startswith("https:")


def _fault(verdict: Verdict, message: str, urls: list[str]) -> Fault:
    return Fault(verdict, f"{message}: {', '.join(quoted(url) for url in urls)}", _CURE, aspect=Aspect.DASHBOARD)


CHECK = Check("EV016", "exposed-dashboard", Hop.ENTRYPOINT, (DASHBOARD_EXPOSED, API_EXPOSED), judge)

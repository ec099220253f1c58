"""What the URL of `explain` means: an endpoint of the spec, or a host outside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from edgegen.core.errors import UsageError
from edgegen.core.show import shown
from edgegen.endpoints import Endpoint
from edgegen.spec import SPEC_FILE
from edgegen.verify.url_endpoint import REGISTRY_PATHS, stranger

if TYPE_CHECKING:
    from edgegen.explain.wanted import Wanted
    from edgegen.spec.load import LoadedSpec


class Subject(Struct, frozen=True):
    """What a URL means: the endpoint to check, and what the spec says about it, if it knows the host."""

    url: str
    endpoint: Endpoint
    loaded: LoadedSpec | None = None
    wanted: Wanted | None = None
    notes: tuple[str, ...] = ()

    @property
    def in_spec(self) -> bool:
        """Whether the spec has its host."""
        return self.loaded is not None


def subject_of(project: Path, environment: str | None, url: str, environ: Mapping[str, str]) -> Subject:
    """What a URL of the command line means here.

    Raises UsageError for a URL that is not of a web server, SpecError for an invalid spec.
    """
    plain, outside = _parsed(url)
    if not (project / SPEC_FILE).exists():
        return Subject(url, outside, notes=(f"there is no {SPEC_FILE} here: the host is checked without a spec",))
    from edgegen.desired.endpoints import endpoints
    from edgegen.explain.wanted import wanted
    from edgegen.files.values import Values
    from edgegen.spec.load import load

    loaded = load(project, environment)
    values = Values(project, environ)
    known = [item for item in endpoints(loaded.spec, loaded.locate) if _names(item, outside.host)]
    port = outside.web_port if plain else outside.port
    right = [item for item in known if (item.web_port if plain else item.port) == port]
    if not right:
        return _by_hand(loaded, outside, project, url, values) or Subject(
            url, outside, notes=(_not_known(loaded, known, outside, plain=plain),)
        )
    found = _as_asked(_nearest(right, outside), outside)
    return Subject(url, found, loaded, wanted(loaded, found, project, values))


def _by_hand(loaded: LoadedSpec, asked: Endpoint, project: Path, url: str, values: Mapping[str, str]) -> Subject | None:
    """A host that only a router of `traefik_labels` names: it belongs to that service, without expectations."""
    from edgegen.explain.wanted import wanted
    from edgegen.traefik.label_routing import items
    from edgegen.traefik.rule_hosts import rule_names

    for name, service in loaded.spec.services.items():
        for item in items(service.labels_by_hand):
            if item.kind == "routers" and rule_names(item.get("rule"), asked.host):
                where = loaded.locate(("services", name, "traefik_labels", item.label("rule")))
                router = f"the router `{shown(item.name)}` of `{name}`'s `traefik_labels`"
                note = f"{asked.host} is named by {router} [{where}]"
                return Subject(url, asked, loaded, wanted(loaded, replace(asked, name=name), project, values), (note,))
    return None


def _parsed(url: str) -> tuple[bool, Endpoint]:
    """Whether it is about plain HTTP, and the host that it names. A query and a fragment make no difference."""
    if "://" not in url:
        url = f"https://{url}"
    bare = url.partition("#")[0].partition("?")[0]
    scheme, _, rest = bare.partition("://")
    if scheme.lower() != "http":
        return False, stranger(bare)
    try:
        port = urlsplit(bare).port or 80
    except ValueError:
        raise UsageError(f"`{shown(url)}`: ports are 1 to 65535") from None
    authority, slash, path = rest.partition("/")
    host = authority.rpartition(":")[0] if authority.rpartition(":")[2].isdigit() else authority
    return True, replace(stranger(f"https://{host}{slash}{path}"), web_port=port)


def _names(endpoint: Endpoint, host: str) -> bool:
    """Whether a host of the spec is the requested one; a wildcard covers one label."""
    if endpoint.shown.startswith("*."):
        return host.partition(".")[2] == endpoint.host.partition(".")[2]
    return endpoint.host == host


def _not_known(loaded: LoadedSpec, known: Sequence[Endpoint], asked: Endpoint, *, plain: bool) -> str:
    if loaded.spec.edge.is_none:
        return (
            f"{SPEC_FILE} has `edge: none` here, so no host is public: {asked.host} is checked like any other host. "
            "Another environment may have an edge (`-e base` is edge.yaml without one)"
        )
    if not known:
        return f"{SPEC_FILE} has no host {asked.host}: it is checked without the spec's expectations"
    ports = ", ".join(dict.fromkeys(str(item.web_port if plain else item.port) for item in known))
    return f"{SPEC_FILE} has {asked.host} on port {ports}: it is checked without the spec's expectations"


def _nearest(known: Sequence[Endpoint], asked: Endpoint) -> Endpoint:
    """As Traefik chooses: a whole name before a wildcard, the longest path that the request begins with."""
    fitting = [item for item in known if asked.path.startswith(item.path)] or list(known)
    return max(fitting, key=lambda item: (item.host == asked.host, len(item.path)))


def _as_asked(known: Endpoint, asked: Endpoint) -> Endpoint:
    """The spec's endpoint with the host and the path that were asked for."""
    path = asked.path if asked.path not in ("/", *REGISTRY_PATHS) and known.speaks_http else known.path
    return replace(known, host=asked.host, path=path)

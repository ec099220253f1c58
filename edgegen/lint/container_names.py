"""Under which names containers find each other, and whether they can. Pure."""

from __future__ import annotations

from edgegen.core.data import items, mapping
from edgegen.lint.model import Project, Service
from edgegen.lint.networks import joined


def names_of(project: Project, service: Service) -> set[str]:
    """The names by which others find it, in lower case: to Docker's DNS, too, case makes no difference. That of a stack
    is not known before it is deployed."""
    own = {service.name, f"tasks.{service.name}", str(service.data.get("container_name"))}
    own |= {f"{project.name}{sign}{service.name}{sign}1" for sign in "-_"}
    for options in mapping(service.data, "networks").values():
        own |= set(map(str, items(options, "aliases")))
    hostname = service.data.get("hostname")
    return {each.lower() for each in own | ({str(hostname)} if hostname else set())}


def is_nowhere(project: Project, traefik: Service, name: str) -> bool:
    """Whether nothing here has a name, and nothing else can have it: a network that others join may have it."""
    extra = str(traefik.data.get("extra_hosts") or "") + str(traefik.data.get("links") or "")
    extra += str(traefik.data.get("external_links") or "")
    networks = [project.networks.get(key) for key in traefik.networks]
    may_be_elsewhere = any(network is None or network.external for network in networks)
    ends_like_one = any(name.endswith(f"_{service.lower()}") for service in project.services)
    unsure = project.partial or may_be_elsewhere or ends_like_one or name in extra.lower()
    return not unsure and not any("$" in str(service.data) for service in project.services.values())


def share(project: Project, one: Service, other: Service) -> bool:
    """Whether two services are on one network."""
    mine, others = joined(project, one), joined(project, other)
    keys, real = {on.key for on in mine}, {on.real for on in mine if on.real}
    return any(on.key in keys or on.real in real for on in others)

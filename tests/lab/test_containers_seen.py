"""What the real client prints of a container: names of all variables, values of no secret, ports of the host."""

from __future__ import annotations

from edgegen.deploy.containers import containers
from edgegen.deploy.model import Published
from edgegen.deploy.runner import Runner
from tests.lab.engine import docker
from tests.lab.ground import Ground
from tests.lab.images import ensure

APP = "lab/app:1"
READ = {
    "TRAEFIK_PROVIDERS_DOCKER_CONSTRAINTS": "Label(`a`,`b=c`)",
    "TRAEFIK_ENTRYPOINTS_WEBSECURE_TRANSPORT_RESPONDINGTIMEOUTS_READTIMEOUT": "0",
    "TRAEFIK_ENTRYPOINTS_WEBSECURE_FORWARDEDHEADERS_TRUSTEDIPS": "192.0.2.0/24,198.51.100.0/24",
    "TRAEFIK_PROVIDERS_DOCKER_EXPOSEDBYDEFAULT": "false",
}
NAMED = {
    "TRAEFIK_CERTIFICATESRESOLVERS_LETSENCRYPT_ACME_EAB_HMACENCODED": "canary-1",
    "TRAEFIK_PROVIDERS_DOCKER_PASSWORD": "canary-2",
    "MY_CONSTRAINTS": "canary-3",
    "CONSTRAINTS": "canary-4",
    "TRAEFIK": "canary-5",
    "EMPTY": "",
}
PUBLISHED = ("127.0.0.1:18080:80", "18443:443", "18053:53/udp", "18100-18101:100-101")
HELD = {
    *(Published(18080, "tcp", "127.0.0.1"), Published(18443), Published(18053, "udp")),
    *(Published(18100), Published(18101)),
}


def test_only_four_settings_have_their_values(ground: Ground) -> None:
    ensure(ground, APP)
    words = [word for name, value in {**READ, **NAMED}.items() for word in ("-e", f"{name}={value}")]
    ports = [word for port in PUBLISHED for word in ("-p", port)]
    docker(ground, "run", "-d", "--name", "seen", *words, *ports, APP)
    (found,) = containers(Runner((("DOCKER_HOST", ground.docker_host),)))
    assert dict(found.settings) == READ
    assert found.variables >= {*READ, *NAMED}
    assert "canary" not in repr(found)
    assert set(found.ports) == HELD
    docker(ground, "stop", "-t", "0", "seen")
    (stopped,) = containers(Runner((("DOCKER_HOST", ground.docker_host),)))
    assert stopped.ports == ()

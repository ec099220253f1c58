"""What the real client prints of a container's variables: names of all, and values of no secret."""

from __future__ import annotations

from edgegen.deploy.containers import containers
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


def test_only_four_settings_have_their_values(ground: Ground) -> None:
    ensure(ground, APP)
    words = [word for name, value in {**READ, **NAMED}.items() for word in ("-e", f"{name}={value}")]
    docker(ground, "run", "-d", "--name", "seen", *words, APP)
    (found,) = containers(Runner((("DOCKER_HOST", ground.docker_host),)))
    assert dict(found.settings) == READ
    assert found.variables >= {*READ, *NAMED}
    assert "canary" not in repr(found)

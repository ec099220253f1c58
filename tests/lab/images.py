"""Images under the names and tags that rendered files ask for, made of Debian's and PyPI's packages.

An image is made once for each content: it carries its digest as a label, and the engine's data outlives the session.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.lab import default_certificate, traefiks
from tests.lab.databases import mysql, postgres, redis
from tests.lab.edgegen_image import docker_cli, python_slim
from tests.lab.engine import docker
from tests.lab.ground import Ground
from tests.lab.image import Image, linked, with_shell
from tests.lab.languages import golang, node, ruby, shell
from tests.lab.parts import program
from tests.lab.php import fpm, reaching, whoami, wordpress
from tests.lab.place import less_collected
from tests.lab.python_image import python_application
from tests.sizes import sized

CONTENT = "lab.content"
"""The label that holds the digest of what is in an image."""
WEB_PORTS = (80, 3000, 8080)
WEB_PAGE = "the lab's application\n"
COUNTING = Path(__file__).parent / "rolling" / "counting.py"
GATE = Path(__file__).parent / "gate.py"
_PROXY_CONFIG = Path(__file__).parent / "data" / "socket-proxy.cfg"
_REGISTRY_CONFIG = (
    "version: 0.1\nlog: {fields: {service: registry}}\nstorage:\n  cache: {blobdescriptor: inmemory}\n"
    "  filesystem: {rootdirectory: /var/lib/registry}\n"
    "http:\n  addr: :5000\n  headers: {X-Content-Type-Options: [nosniff]}\n"
)
_REGISTRY_ENTRYPOINT = """#!/bin/sh
set -e
case "$1" in
  *.yaml|*.yml) set -- registry serve "$@" ;;
  serve|garbage-collect|help|-*) set -- registry "$@" ;;
esac
exec "$@"
"""
_HAPROXY_ENTRYPOINT = """#!/bin/sh
set -e
if [ "${1#-}" != "$1" ]; then set -- haproxy "$@"; fi
if [ "$1" = haproxy ]; then shift; set -- haproxy -W -db "$@"; fi
exec "$@"
"""
_HAPROXY_USERS = "root:x:0:0::/root:/bin/sh\nhaproxy:x:99:99::/var/lib/haproxy:/bin/sh\n"
_TRAEFIK_ENTRYPOINT = """#!/bin/sh
set -e
case "$1" in
  -*|healthcheck|version) set -- traefik "$@" ;;
esac
exec "$@"
"""
_TRAEFIK_ASKED = """#!/bin/sh
real=/usr/local/bin/traefik well=/dev/shm/well
[ "$*" = "healthcheck --ping" ] || exec $real "$@"
wget -q --spider http://127.0.0.1:8080/ping || exit 1
if [ -e $well ]; then sleep 2; else $real "$@" && : >$well; fi
"""
"""Before the program in the PATH. Each look at its health starts the whole of it, which takes a fifth of a second of a
processor, and the lab has all of them looked at each second. So a small program asks for the same page before it, and
alone once the whole one has found its server well; and what is well takes its time to say so, for the next look comes a
second after this one. In the proof that asks each time."""


def ensure_images(ground: Ground, compose: Mapping[str, Any]) -> None:
    """Provide every image that the services of a Compose file ask for, under exactly that name."""
    services = [service for service in compose["services"].values() if "image" in service]
    for name in dict.fromkeys(service["image"] for service in services):
        asked = [port for service in services if service["image"] == name for port in _ports(service)]
        ensure(ground, name, asked)


def ensure(ground: Ground, name: str, ports: Iterable[int] = ()) -> None:
    """Provide one image. What is in it follows from the last part of its name; `ports` are what a web image serves."""
    assert "@" not in name, f"{name}: an image that is made here can't have a digest known before"
    image = image_for(name, ports)
    digest = image.digest()
    if _ensured.get((ground.pid, name)) == digest:
        return
    _provide(ground, name, image, digest)
    _ensured[ground.pid, name] = digest


_ensured: dict[tuple[int, str], str] = {}
"""What is in the image of a name, on the engines of this process: each start of a stack asks for four of them."""


def _provide(ground: Ground, name: str, image: Image, digest: str) -> None:
    if digest in _known(ground, f"reference={name if ':' in name.rpartition('/')[2] else f'{name}:latest'}"):
        return
    twins = _known(ground, f"label={CONTENT}={digest}")
    if twins:
        docker(ground, "tag", twins[digest], name)
        return
    _load(ground, name, image, digest)


def image_for(name: str, ports: Iterable[int] = ()) -> Image:
    """The content for a name like `docker.io/library/registry:2.8.3`."""
    repository, _, tag = name.rpartition("/")[2].partition(":")
    makers: dict[str, Callable[[str], Image]] = {
        "counting": lambda _: python_application(COUNTING, 8000),
        "docker": lambda _: docker_cli(),
        "docker-socket-proxy": lambda _: socket_proxy(),
        "drupal": lambda _: reaching(80),
        "haproxy": lambda _: haproxy(),
        "gate": lambda _: python_application(GATE, 9091),
        "golang": lambda _: golang(),
        "mariadb": lambda _: mysql(),
        "mysql": lambda _: mysql(),
        "node": lambda _: node(),
        "php": lambda _: fpm(),
        "postgres": lambda _: postgres(),
        "python": lambda _: python_slim(),
        "redis": lambda _: redis(),
        "registry": registry,
        "ruby": lambda _: ruby(),
        "socket-proxy": lambda _: socket_proxy(),
        "static-debian12": lambda _: shell(),
        "todo-list-api": lambda _: reaching(3000),
        "todo-list-ui": lambda _: reaching(3001),
        "traefik": traefik,
        "whoami": lambda _: whoami(),
        "wordpress": lambda _: wordpress(),
    }
    maker = makers.get(repository)
    return maker(tag) if maker else web_application(ports)


def traefik(tag: str) -> Image:
    """The binary with the start script of the official image: flags alone are enough as a command.

    A tag that names a whole version gives that one, any other the installed one.
    """
    version = re.fullmatch(r"v(\d+\.\d+\.\d+)", tag)
    return with_shell(
        {"/usr/local/bin/traefik": traefiks.traefik(version[1]) if version else program("traefik")},
        {"/entrypoint.sh": _TRAEFIK_ENTRYPOINT, **default_certificate.in_image()}
        | sized({"/usr/local/sbin/traefik": _TRAEFIK_ASKED}, {}),
        *(f"ENV {name}={value}" for name, value in less_collected().items()),
        "EXPOSE 80",
        'ENTRYPOINT ["/entrypoint.sh"]',
        'CMD ["traefik"]',
    )


def registry(tag: str) -> Image:
    """The registry of Debian, laid out like the official image of its major version."""
    files = linked("/bin/registry", program("docker-registry"))
    common = ("VOLUME /var/lib/registry", "EXPOSE 5000")
    if tag.startswith("3"):
        path = "/etc/distribution/config.yml"
        entry = ('ENTRYPOINT ["registry"]', f'CMD ["serve", "{path}"]')
        return with_shell(files, {path: _REGISTRY_CONFIG}, *common, *entry)
    path = "/etc/docker/registry/config.yml"
    texts = {path: _REGISTRY_CONFIG, "/entrypoint.sh": _REGISTRY_ENTRYPOINT}
    return with_shell(files, texts, *common, 'ENTRYPOINT ["/entrypoint.sh"]', f'CMD ["{path}"]')


def haproxy() -> Image:
    """HAProxy of Debian, laid out like the official image: its user, its start script, its stop signal, no settings."""
    image = with_shell(
        linked("/usr/local/sbin/haproxy", program("haproxy")),
        {"/usr/local/bin/docker-entrypoint.sh": _HAPROXY_ENTRYPOINT, "/etc/passwd": _HAPROXY_USERS,
         "/usr/local/etc/haproxy/README": "haproxy.cfg belongs here\n"},
        "USER haproxy",
        'ENTRYPOINT ["docker-entrypoint.sh"]',
        'CMD ["haproxy", "-f", "/usr/local/etc/haproxy/haproxy.cfg"]',
    )  # fmt: skip
    return replace(image, stop_signal="SIGUSR1")


def socket_proxy() -> Image:
    """HAProxy before the Docker socket; which parts of the API pass is switched by variables, all but three are off."""
    return with_shell(
        linked("/usr/local/sbin/haproxy", program("haproxy")),
        {"/etc/haproxy.cfg": _PROXY_CONFIG.read_text()},
        *(f"ENV {name}=0" for name in ("CONTAINERS", "INFO", "NETWORKS", "POST", "SERVICES", "TASKS")),
        *(f"ENV {name}=1" for name in ("EVENTS", "PING", "VERSION")),
        "EXPOSE 2375",
        'ENTRYPOINT ["haproxy", "-W", "-db", "-f", "/etc/haproxy.cfg"]',
    )


def web_application(ports: Iterable[int] = ()) -> Image:
    """A page on every port that somebody may ask for, and the common tools that health checks call."""
    listening = sorted({*WEB_PORTS, *ports})
    servers = "".join(f"httpd -p {port} -h /www\n" for port in listening[:-1])
    # The first process ignores a signal for which it has no trap, and each stop would take the engine's ten seconds.
    start = f"#!/bin/sh\ntrap 'exit 0' TERM\n{servers}httpd -f -p {listening[-1]} -h /www &\nwait\n"
    return with_shell(
        {}, {"/start.sh": start, "/www/index.html": WEB_PAGE}, f"EXPOSE {listening[0]}", 'ENTRYPOINT ["/start.sh"]'
    )


def _ports(service: Mapping[str, Any]) -> list[int]:
    labels = service.get("labels") or {}
    pairs = labels.items() if isinstance(labels, Mapping) else (label.partition("=")[::2] for label in labels)
    return [int(value) for key, value in pairs if key.endswith(".loadbalancer.server.port") and str(value).isdigit()]


def _known(ground: Ground, filter_: str) -> dict[str, str]:
    """Digest -> id of the images that a filter lets through."""
    ids = docker(ground, "image", "ls", "-q", "--no-trunc", "--filter", filter_).split()
    if not ids:
        return {}
    found = json.loads(docker(ground, "image", "inspect", *ids))
    return {(image["Config"]["Labels"] or {}).get(CONTENT, ""): image["Id"] for image in found}


def _load(ground: Ground, name: str, image: Image, digest: str) -> None:
    changes = [word for change in (*image.changes, f"LABEL {CONTENT}={digest}") for word in ("--change", change)]
    command = [str(program("docker")), "-H", ground.docker_host, "import", *changes, "-", name]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stderr is not None
        image.write(process.stdin)
        process.stdin.close()
        complaint = process.stderr.read().decode()
    assert process.returncode == 0, f"docker import {name}: {complaint}"
    if image.stop_signal:
        layer = f"FROM {name}\nSTOPSIGNAL {image.stop_signal}\n"
        ground.run("docker", "build", "-q", "-t", name, "-", stdin=layer)

"""Images under the names and tags that rendered files ask for, made of Debian's and PyPI's packages."""

from __future__ import annotations

import io
import re
import subprocess
import tarfile
from pathlib import Path
from typing import Any

from tests.whole_way.engine import docker
from tests.lab.parts import program

PATH = "ENV PATH=/usr/local/bin:/usr/bin:/bin"
REGISTRY_CONFIG = "version: 0.1\nstorage:\n  filesystem:\n    rootdirectory: /var/lib/registry\nhttp:\n  addr: :5000\n"
PROXY_CONFIG = (Path(__file__).parent / "data" / "socket-proxy.cfg").read_text
WEB_PAGE = "the lab's application\n"


def ensure_images(compose: dict[str, Any]) -> None:
    """Provide every image of a Compose file that the engine does not have yet."""
    present = set(docker("images", "--format", "{{.Repository}}:{{.Tag}}").split())
    for service in compose["services"].values():
        image = service["image"]
        if image not in present:
            make(image)
            present.add(image)


def make(image: str) -> None:
    """Make one image: what is in it follows from the last part of its name."""
    name = re.split(r"[:@]", image.rpartition("/")[2])[0]
    tag = image.rpartition(":")[2]
    builder = {"traefik": _traefik, "registry": _registry, "docker-socket-proxy": _socket_proxy}.get(name, _application)
    root, changes = builder(tag)
    words = [word for change in [*changes, PATH] for word in ("-c", change)]
    docker("import", *words, "-", image, stdin=root.bytes())


class Root:
    """A root folder as a tar archive in memory."""

    def __init__(self) -> None:
        self._buffer = io.BytesIO()
        self._tar = tarfile.open(fileobj=self._buffer, mode="w")
        for folder, mode in (("tmp", 0o1777), ("run", 0o755), ("etc", 0o755), ("var/lib", 0o755)):
            entry = tarfile.TarInfo(folder)
            entry.type, entry.mode = tarfile.DIRTYPE, mode
            self._tar.addfile(entry)

    def program(self, path: Path, target: str) -> None:
        """A program with the libraries that it is linked to."""
        self._tar.add(path.resolve(), target)
        linked = subprocess.run([str(program("ldd")), str(path)], capture_output=True, text=True, check=False).stdout
        for library in sorted(set(re.findall(r"(/\S+)", linked)) - {str(path)}):
            self._tar.add(Path(library).resolve(), library.lstrip("/"))

    def file(self, target: str, text: str, mode: int = 0o644) -> None:
        """A text file."""
        entry = tarfile.TarInfo(target)
        entry.size, entry.mode = len(text.encode()), mode
        self._tar.addfile(entry, io.BytesIO(text.encode()))

    def link(self, target: str, to: str) -> None:
        """A symbolic link."""
        entry = tarfile.TarInfo(target)
        entry.type, entry.linkname = tarfile.SYMTYPE, to
        self._tar.addfile(entry)

    def bytes(self) -> bytes:
        """The archive."""
        self._tar.close()
        return self._buffer.getvalue()


def _traefik(_tag: str) -> tuple[Root, list[str]]:
    root = Root()
    root.program(program("traefik"), "usr/local/bin/traefik")
    return root, ['ENTRYPOINT ["/usr/local/bin/traefik"]']


def _registry(tag: str) -> tuple[Root, list[str]]:
    root = Root()
    root.program(program("docker-registry"), "usr/local/bin/registry")
    config = "etc/distribution/config.yml" if tag.startswith("3") else "etc/docker/registry/config.yml"
    root.file(config, REGISTRY_CONFIG)
    return root, ['ENTRYPOINT ["registry"]', f'CMD ["serve","/{config}"]']


def _socket_proxy(_tag: str) -> tuple[Root, list[str]]:
    root = Root()
    root.program(program("haproxy"), "usr/local/bin/haproxy")
    root.file("etc/haproxy.cfg", PROXY_CONFIG())
    switches = ("CONTAINERS=0", "NETWORKS=0", "SERVICES=0", "TASKS=0", "INFO=0", "POST=0")
    switches += ("EVENTS=1", "PING=1", "VERSION=1")
    return root, ['ENTRYPOINT ["haproxy","-f","/etc/haproxy.cfg"]', *(f"ENV {switch}" for switch in switches)]


def _application(_tag: str) -> tuple[Root, list[str]]:
    """A shell, a web server on 8080 that has one page, and all else of busybox."""
    root = Root()
    root.program(program("busybox"), "bin/busybox")
    for name in ("sh", "sleep", "httpd", "nc", "cat", "env", "wget", "printf"):
        root.link(f"bin/{name}", "/bin/busybox")
    root.file("www/index.html", WEB_PAGE)
    return root, ['CMD ["httpd","-f","-p","8080","-h","/www"]']

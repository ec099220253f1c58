"""A user's terminal on the lab's server: what README shows of a running edge.

Everything is real but two things: Pebble is the authority, and a fake is Cloudflare.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from tests.fakes.cloudflare import TOKEN
from tests.lab import names
from tests.lab.clients import DockerClient
from tests.lab.ground import ADDRESS
from tests.lab.images import ensure_images
from tests.lab.parts import program
from tests.lab.stack import Stack
from tests.lab.test_new_user import Fake, cloudflare
from tests.lab.test_verify import running_names
from tests.pictures.terminal import Row, line_of, shown

ZONE = "commenthouse.com"
SERVICES = """
  web: {image: lab/web:1, port: 8080, host: www.commenthouse.com}
  blog: {image: lab/web:1, port: 8080, host: blog.commenthouse.com}
  old: {kind: redirect, host: old.commenthouse.com, to: https://www.commenthouse.com}
"""
TYPO = "traefik.http.routers.blog-https.tls.certresolvers"
_COLUMNS = 92
_DEADLINE = 60.0


@dataclass
class Desk:
    """One terminal, in the project's folder: what a line exports holds in the next."""

    stack: Stack
    fake: Fake
    zone: Path
    docker: DockerClient
    domain: str = ZONE
    exports: dict[str, str] = field(default_factory=dict)

    def type(self, line: str, code: int | None = 0) -> list[Row]:
        """One line as the shell takes it; its screen. None: any exit code."""
        if line.startswith("export "):
            name, _, value = line.removeprefix("export ").partition("=")
            self.exports[name] = TOKEN if value == "…" else value
            return []
        resolver = self.stack.folder.parent / "resolv.conf"
        resolver.write_text(f"nameserver {names.ADDRESS}\n")
        inside = f'mount --bind {resolver} /etc/resolv.conf && exec bash -c "$1"'
        argv = self.stack.ground.argv(("unshare", "-m", "sh", "-c", inside, "sh", line), self.stack.folder)
        got, rows = shown(argv, _COLUMNS, env=self._environment)
        assert code in (None, got), f"{line}: exit {got}\n" + "\n".join(map(line_of, rows))
        return rows

    @property
    def _environment(self) -> dict[str, str]:
        folders = (Path(sys.executable).parent, program("docker").parent, "/usr/sbin", "/usr/bin", "/sbin", "/bin")
        return {
            "PATH": ":".join(map(str, folders)), "HOME": str(self.docker.config), "SSL_CERT_FILE": str(self.stack.root),
            "DOCKER_CONFIG": str(self.docker.config), "CLOUDFLARE_BASE_URL": self.fake.url, **self.exports,
        }  # fmt: skip

    def in_the_lab(self, *words: str, **variables: str) -> None:
        """Pebble instead of Let's Encrypt, and images that are made here.

        `words`: `-e` and an environment. `variables`: values for `${NAME:-default}` in images.
        """
        self.stack.use_lab_authority()
        self.stack.render(*words)
        compose = json.dumps(self.stack.compose)
        compose = re.sub(r"\$\{(\w+):-([^}]*)\}", lambda found: variables.get(found[1], found[2]), compose)
        ensure_images(self.stack.ground, json.loads(compose))

    def publish(self) -> None:
        """The name servers answer what Cloudflare was told, and nothing else."""
        (rows,) = self.fake.ask("state")["zones"].values()
        records = [f"{row['name']}. 60 IN {row['type']} {row['content']}\n" for row in rows]
        new = self.zone.with_suffix(".new")
        new.write_text(
            "".join(records) + f"{self.domain}. 60 IN NS ns.lab.test.\nns.lab.test. 60 IN A {names.ADDRESS}\n"
        )
        new.replace(self.zone)

    def until(self, wanted: Callable[[dict[str, set[str]]], bool]) -> None:
        """Look until the bad verdicts of every host are those that are wanted."""
        end = time.monotonic() + _DEADLINE
        while not wanted(seen := self._bad()):
            assert time.monotonic() < end, seen
            time.sleep(0.2)  # nothing announces that Traefik's view of the containers has changed

    def _bad(self) -> dict[str, set[str]]:
        """Host -> the verdicts that make it bad."""
        report = json.loads("".join(line_of(row) for row in self.type("edgegen verify --json | tr -d '\\n'", None)))
        return {
            str(urlsplit(item["url"]).hostname): {
                one["verdict"]
                for one in report["findings"]
                if one["outcome"] == "fail"
                and one["severity"] not in ("low", "info")
                and one["subject"] == item["subject"]
            }
            for item in report["endpoints"]
        }


@contextmanager
def desk(stack: Stack, folder: Path, domain: str = ZONE) -> Iterator[Desk]:
    """A server with Docker and an empty folder, and a domain at Cloudflare."""
    stack.folder.mkdir()
    docker = DockerClient(stack.ground, folder / "docker")
    docker.config.mkdir()
    docker.trust(domain, stack.root)
    with (
        cloudflare(stack.ground, folder / "cloudflare.log", domain) as fake,
        running_names(stack.ground, folder / "zone", ADDRESS) as zone,
    ):
        yield Desk(stack, fake, zone, docker, domain)


def more_services(folder: Path) -> None:
    """Three services more in edge.yaml, as somebody would write them."""
    path = folder / "edge.yaml"
    text = path.read_text()
    assert "\nservices:\n" in text
    path.write_text(text.replace("\nservices:\n", f"\nservices:{SERVICES}", 1))

"""docs/cookbook/moving-a-host.md: a registry moves with its certificate, its passwords and its images."""

from __future__ import annotations

import json
import re
from pathlib import Path

from tests.lab.authority import Authority
from tests.lab.clients import Client, shown_certificate, wait_for_certificate, wait_for_status
from tests.lab.hosts import Hosts
from tests.lab.images import ensure_images
from tests.lab.stack import Stack, password
from tests.sizes import is_proof

PAGE = Path(__file__).parents[2] / "docs" / "cookbook" / "moving-a-host.md"
HOST = "registry.example.com"
OLD, NEW = "203.0.113.10", "203.0.113.99"


def copying() -> str:
    """The block of the page that stops what writes, and copies."""
    (found,) = re.findall(r"^```console\n(\$ ssh root@old\S+ docker stop.*?)^```$", PAGE.read_text(), re.M | re.S)
    return str(found).replace("\n$ ", "\n").removeprefix("$ ")


def spec() -> str:
    """Its edge.yaml."""
    (found,) = re.findall(r"^```yaml\n# edge.yaml\n(.*?)^```$", PAGE.read_text(), re.M | re.S)
    return str(found)


if is_proof():  # half a minute, and each of its parts has a test in the usual run

    def test_a_registry_moves(hosts: Hosts, street_authority: Authority, tmp_path: Path) -> None:
        old, new, street = hosts[0], hosts[1], hosts.street
        here = Stack(old.ground, street_authority, tmp_path / "old" / "registry-example")
        here.write(spec().replace(OLD, old.address).replace("ttl: 300", "provider: none"))
        made = password(here.render())
        for host in (old, new):
            ensure_images(host.ground, here.compose)
        here.edgegen("up", "--wait", "180")
        street_authority.point(HOST, old.address)
        serial = wait_for_certificate(street, HOST, address=old.address).serial_number
        here.wait_until_stored(HOST)
        users = ("ci", made)
        pushed = Client(street, here.root, users, address=old.address)
        wait_for_status(pushed, HOST, 200, "/v2/")
        location = pushed.request("POST", HOST, "/v2/app/blobs/uploads/").location.removeprefix(f"https://{HOST}")
        digest = "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
        joined = "&" if "?" in location else "?"
        done = pushed.request("PUT", HOST, f"{location}{joined}digest={digest}", b"hello")
        assert done.status == 201, done.body
        orders = street_authority.orders()

        (tmp_path / "new").mkdir()
        script = copying().replace("old.example.com", old.address).replace("new.example.com", new.address)
        script = script.replace("tar -C /srv -cz", f"tar -C {tmp_path}/old -cz")
        script = script.replace("tar -C /srv -xpz", f"tar -C {tmp_path}/new -xpz")
        # The lab has no image `alpine`; BusyBox in that of the registry has the same tar.
        script = script.replace("alpine tar", "--entrypoint /bin/busybox registry:2.8.3 tar")
        street.run("bash", "-ec", script)
        there = Stack(new.ground, street_authority, tmp_path / "new" / "registry-example")
        file = there.folder / "edge.yaml"
        file.write_text(file.read_text().replace(old.address, new.address))
        there.edgegen("up", "--wait", "180")

        assert shown_certificate(street, HOST, address=new.address).serial_number == serial
        moved = Client(street, here.root, users, address=new.address)
        wait_for_status(moved, HOST, 200, "/v2/")
        assert moved.get(HOST, f"/v2/app/blobs/{digest}").body == b"hello"
        found = there.run("verify", "--connect-to", f":443:{new.address}:443", "--connect-to", f":80:{new.address}:80",
                          "--ca-file", str(here.root), "--allow-private", "--no-login", "--json").stdout  # fmt: skip
        failed = {item["id"] for item in json.loads(found)["findings"] if item["outcome"] == "fail"}
        assert failed == {"EV002"}, "the one finding before the switch: DNS answers the old address"
        assert street_authority.orders() == orders, "a certificate was ordered again"
        for path, mode in {"acme/acme.json": 0o600, "secrets": 0o700, "registry/htpasswd": 0o600}.items():
            assert (there.folder / path).stat().st_mode & 0o777 == mode, path

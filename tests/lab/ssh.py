"""Logging in from one ground to others: users, keys and an sshd of the lab's own."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from subprocess import Popen

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from tests.lab.ground import Ground
from tests.lab.parts import program

_SETTINGS = """\
HostKey {key}
PidFile none
UsePAM no
UseDNS no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
StrictModes no
MaxStartups 100
MaxSessions 100
AuthorizedKeysFile .ssh/authorized_keys
Subsystem sftp internal-sftp
"""

_SHARED = """\
Host *
  ControlMaster auto
  ControlPath ~/.ssh/%C
  ControlPersist yes
"""
"""Many who drive Docker over ssh have this: a new connection for each command takes most of that command's time."""


def home(folder: Path) -> Path:
    """root's home on the ground of a folder."""
    return folder / "home"


def write_users(folder: Path) -> None:
    """The machine's users, but root is at home in the folder and may log in, whatever the machine thinks of that."""
    home(folder).mkdir()
    (home(folder) / ".ssh").mkdir(mode=0o700)
    _with_root(Path("/etc/passwd"), folder / "passwd", {5: str(home(folder)), 6: "/bin/sh"}, 0o644)
    _with_root(Path("/etc/shadow"), folder / "shadow", {1: "*"}, 0o600)


def trust(client: Path, servers: Mapping[str, Path]) -> None:
    """Make the keys: root of the client's ground may log in on the servers', and knows the key of each address."""
    user = _key(home(client) / ".ssh" / "id_ed25519")
    known = ""
    for address, folder in servers.items():
        known += f"{address} {_key(folder / 'host_key')}\n"
        (home(folder) / ".ssh" / "authorized_keys").write_text(user + "\n")
    (home(client) / ".ssh" / "known_hosts").write_text(known)


def share_connections(client: Path, shared: bool) -> None:
    """Whether root of the client's ground keeps one connection to each address, or makes one for each command."""
    settings = home(client) / ".ssh" / "config"
    settings.touch(0o600)
    settings.write_text(_SHARED if shared else "")


def serve(ground: Ground) -> Popen[bytes]:
    """Start an sshd that ends with the ground."""
    settings = ground.folder / "sshd_config"
    settings.write_text(_SETTINGS.format(key=ground.folder / "host_key"))
    (ground.folder / "run" / "sshd").mkdir(mode=0o755, exist_ok=True)
    return ground.start([program("sshd"), "-D", "-e", "-f", settings], log=ground.folder / "sshd.log")


def clear_home(folder: Path) -> None:
    """Remove what somebody has put into root's home; the keys stay."""
    for path in home(folder).iterdir():
        if path.name == ".ssh":
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def _with_root(source: Path, target: Path, fields: Mapping[int, str], mode: int) -> None:
    lines = [line.split(":") for line in source.read_text().splitlines()]
    for line in lines:
        if line[0] == "root":
            for index, value in fields.items():
                line[index] = value
    target.touch(mode)
    target.write_text("".join(":".join(line) + "\n" for line in lines))


def _key(path: Path) -> str:
    """Write a new private key; gives the public one."""
    key = Ed25519PrivateKey.generate()
    path.touch(0o600)
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()))
    return key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()

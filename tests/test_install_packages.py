"""`tests/lab/install-packages.sh` leaves the machine's own policy-rc.d as it was, whatever happens to it."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

SCRIPT = Path(__file__).parent / "lab" / "install-packages.sh"
OWN = "#!/bin/sh\n# the machine's own\nexit 104\n"
APT = """#!/bin/sh
echo "$1" >> "$SEEN.calls"
if [ "$1" = download ]; then shift 2; for name; do : > "$name.deb"; done; exit 0; fi
cp "$POLICY_RC_D" "$SEEN"
{then}
"""
APT_CACHE = """#!/bin/sh
case "$3" in
  php-fpm) printf 'php-fpm\\n  Depends: php8.2-fpm\\n  Depends: php-common\\n' ;;
  *) printf '%s\\n |Depends: php\\n  Depends: lib%s\\n' "$3" "$3" ;;
esac
"""
DPKG_DEB = """#!/bin/sh
echo "files of $2" >> "$3/unpacked"
"""


class Machine:
    """Programs in front of PATH that stand for dpkg, apt and sudo, and a policy-rc.d in a folder of its own."""

    def __init__(self, folder: Path, then: str = "") -> None:
        self.policy = folder / "policy-rc.d"
        self.seen = folder / "seen"
        self.fifo = folder / "fifo"
        programs = folder / "bin"
        programs.mkdir()
        for name, text in {
            "dpkg-query": "#!/bin/sh\nexit 1\n",
            "sudo": '#!/bin/sh\nexec "$@"\n',
            "apt-get": APT.format(then=then),
            "apt-cache": APT_CACHE,
            "dpkg-deb": DPKG_DEB,
        }.items():
            (programs / name).write_text(text)
            (programs / name).chmod(0o755)
        self.environment = {
            **os.environ,
            "PATH": f"{programs}:{os.environ['PATH']}",
            "POLICY_RC_D": str(self.policy),
            "SEEN": str(self.seen),
            "FIFO": str(self.fifo),
            "XDG_CACHE_HOME": str(folder / "cache"),
        }

    def own(self) -> None:
        self.policy.write_text(OWN)
        self.policy.chmod(0o750)

    def start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(["sh", str(SCRIPT)], env=self.environment, stderr=subprocess.PIPE, text=True)

    def run(self) -> int:
        with self.start() as child:
            child.communicate(timeout=60)
        return child.returncode

    def left(self) -> list[str]:
        return sorted(path.name for path in self.policy.parent.glob("policy-rc.d*"))


def is_own(machine: Machine) -> bool:
    return machine.policy.read_text() == OWN and machine.policy.stat().st_mode & 0o777 == 0o750


@pytest.mark.parametrize(("then", "code"), [("", 0), ("exit 100", 100)])
def test_the_own_one_is_put_back(tmp_path: Path, then: str, code: int) -> None:
    machine = Machine(tmp_path, then)
    machine.own()
    assert machine.run() == code
    assert is_own(machine)
    assert machine.left() == ["policy-rc.d"]
    assert "exit 101" in machine.seen.read_text()


@pytest.mark.parametrize("then", ["", "exit 100"])
def test_where_there_was_none_there_is_none(tmp_path: Path, then: str) -> None:
    machine = Machine(tmp_path, then)
    machine.run()
    assert machine.left() == []
    assert "exit 101" in machine.seen.read_text()


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    target = tmp_path / "elsewhere"
    target.write_text(OWN)
    machine.policy.symlink_to(target)
    assert machine.run() == 0
    assert machine.policy.readlink() == target
    assert target.read_text() == OWN


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_an_interrupt_puts_it_back(tmp_path: Path, number: signal.Signals) -> None:
    """A shell waits for its child, so the child waits for nobody and is let go after the signal was sent."""
    machine = Machine(tmp_path, 'echo there > "$FIFO"; read -r _ < "$FIFO"')
    machine.own()
    os.mkfifo(machine.fifo)
    with machine.start() as child:
        assert machine.fifo.read_text() == "there\n"
        assert not is_own(machine)
        child.send_signal(number)
        machine.fifo.write_text("go on\n")
        child.communicate(timeout=60)
    assert child.returncode == 128 + number
    assert is_own(machine)
    assert machine.left() == ["policy-rc.d"]


def test_what_a_killed_run_has_left_is_put_back_by_the_next(tmp_path: Path) -> None:
    machine = Machine(tmp_path, 'echo there > "$FIFO"; read -r _ < "$FIFO"')
    machine.own()
    os.mkfifo(machine.fifo)
    with machine.start() as child:
        assert machine.fifo.read_text() == "there\n"
        child.kill()
        machine.fifo.write_text("go on\n")
    assert machine.left() == ["policy-rc.d", "policy-rc.d.kept-by-edgegen"]
    again = tmp_path / "again"
    again.mkdir()
    second = Machine(again)
    second.environment["POLICY_RC_D"] = str(machine.policy)
    assert second.run() == 0
    assert is_own(machine)
    assert machine.left() == ["policy-rc.d"]


def test_two_that_nobody_can_tell_apart_are_left_alone(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.own()
    (tmp_path / "policy-rc.d.kept-by-edgegen").write_text("another\n")
    assert machine.run() == 1
    assert is_own(machine)
    assert machine.left() == ["policy-rc.d", "policy-rc.d.kept-by-edgegen"]
    assert not machine.seen.exists()


def test_files_of_packages_are_unpacked_once_and_nothing_is_installed_for_them(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    assert machine.run() == 0
    packages = tmp_path / "cache" / "edgegen-lab" / "packages"
    assert sorted(path.name for path in packages.iterdir()) == ["mariadb-client", "php-fpm", "wordpress"]
    assert (packages / "wordpress" / "unpacked").read_text() == "files of ./wordpress.deb\n"
    assert (packages / "php-fpm" / "unpacked").read_text() == "files of ./php-fpm.deb\nfiles of ./php8.2-fpm.deb\n"
    assert not list(packages.glob("*/*.deb"))
    calls = tmp_path / "seen.calls"
    assert calls.read_text().split() == ["update", "install", "download", "download", "download"]
    calls.unlink()
    assert machine.run() == 0
    assert calls.read_text().split() == ["update", "install"]


def test_a_download_that_fails_leaves_no_package(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    (tmp_path / "bin" / "dpkg-deb").write_text("#!/bin/sh\nexit 2\n")
    assert machine.run() == 2
    packages = tmp_path / "cache" / "edgegen-lab" / "packages"
    assert not (packages / "mariadb-client").exists()

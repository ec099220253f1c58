"""The folder of the system's authorities stands for their file only where nothing is lost by it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from edgegen.verify.look.authorities import complete_folder
from edgegen.verify.look.trust import Trust
from tests.fakes.authority_of_tests import Authority
from tests.fakes.tls_servers import Servers, Site
from tests.verify.look.conftest import HOST, Pki

System = Callable[[bytes, Sequence[bytes]], Path]
"""(the file, the files of the folder) -> the folder, as OpenSSL is told by the environment."""


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> System:
    def make(file: bytes, folder: Sequence[bytes]) -> Path:
        (there := tmp_path / "folder").mkdir(exist_ok=True)
        for number, pem in enumerate(folder):
            (there / f"0123abcd.{number}").write_bytes(pem)
        (tmp_path / "all.pem").write_bytes(file)
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "all.pem"))
        monkeypatch.setenv("SSL_CERT_DIR", str(there))
        return there

    return make


def test_a_folder_that_has_all_of_the_file(system: System, pki: Pki) -> None:
    one, other = pki.root.pem, pki.stranger.pem
    there = system(b"# One\n" + one + b"\n# Other\n" + other, [other, one])
    assert complete_folder() == str(there)


CASES = ["one is missing", "an empty folder", "an empty file", "trusted otherwise", "cut off", "behind another one"]


@pytest.mark.parametrize("case", CASES)
def test_a_folder_that_may_lack_something(system: System, pki: Pki, case: str) -> None:
    one, other = pki.root.pem, pki.stranger.pem
    otherwise = one.replace(b"BEGIN CERT", b"BEGIN TRUSTED CERT").replace(b"END CERT", b"END TRUSTED CERT")
    file, folder = {
        "one is missing": (one + other, [one, one]),
        "an empty folder": (one, []),
        "an empty file": (b"", [one]),
        "trusted otherwise": (one + otherwise, [one]),
        "cut off": (one, [one[:-40]]),
        "behind another one": (one + other, [other + one, other]),  # the name is the hash of the first
    }[case]
    system(file, folder)
    assert complete_folder() is None


def test_what_openssl_would_not_find_in_the_folder_is_not_in_it(system: System, pki: Pki) -> None:
    there = system(pki.root.pem, [])
    for name in ("root.pem", "0123abcd.r0", "0123abcd", "0123ABCD.0"):
        (there / name).write_bytes(pki.root.pem)
    (there / "0123abcd.0").mkdir()
    (there / "0123abcd.1").write_bytes(pki.root.pem)  # after a number that is missing
    (there / "4567abcd.00").write_bytes(pki.root.pem)
    assert complete_folder() is None


def test_a_pipe_is_left_to_openssl(system: System, pki: Pki, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    system(pki.root.pem, [pki.root.pem])
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "pipe"))
    assert complete_folder() is None


def test_without_a_folder_or_a_file(system: System, pki: Pki, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    system(pki.root.pem, [pki.root.pem])
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path / "none"))
    assert complete_folder() is None
    system(pki.root.pem, [pki.root.pem])
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none"))
    assert complete_folder() is None


@pytest.mark.slow  # the program openssl
def test_the_same_is_trusted_by_either(system: System, pki: Pki, servers: Servers, tmp_path: Path) -> None:
    from tests.verify.look.test_tls import UNTRUSTED, seen_at

    other = Authority.root("Other Root")
    there = system(pki.root.pem + other.pem, [])
    by_file = Trust.load(None)
    for name, authority in (("root", pki.root), ("other", other)):
        (tmp_path / f"{name}.crt").write_bytes(authority.pem)
        words = ["openssl", "x509", "-in", str(tmp_path / f"{name}.crt"), "-noout", "-subject_hash"]
        digest = subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()
        (there / f"{digest}.0").symlink_to(tmp_path / f"{name}.crt")
    by_folder = Trust.load(None)
    assert (len(by_file.verified.get_ca_certs()), len(by_folder.verified.get_ca_certs())) == (2, 0)
    made = [make(pki) for make, _ in UNTRUSTED.values()]
    trusted = [pki.middle.issue(HOST), other.issue(HOST)]
    for issued in (*made, *trusted):
        port = servers.tls(Site(issued)).port
        for http in (True, False):
            seen = seen_at(port, by_folder, http=http)
            assert seen == seen_at(port, by_file, http=http)
            assert seen.verified == (issued in trusted)
    # It was read when it was needed.
    assert len(by_folder.verified.get_ca_certs()) == 2

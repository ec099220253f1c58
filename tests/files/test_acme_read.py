"""The store as Traefik writes it, and as crashes, people and attackers leave it."""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path
from typing import Any

import pytest

from edgegen.certificates import store as stores
from edgegen.certificates.store import CertificateStore, Stored
from edgegen.core.errors import LocalIOError, RefusedError
from edgegen.files.acme_read import read_leaves, read_store

KEY = "LS0tLS1QTEFOVEVEIEtFWQ=="
CHAIN = b"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
ACCOUNT = {
    "Email": "ops@commenthouse.com",
    "Registration": {"body": {"status": "valid"}, "uri": "https://acme.lab.test:14000/my-account/1"},
    "PrivateKey": KEY,
    "KeyType": "4096",
}


def entry(main: str = "commenthouse.com", *sans: str, **changes: Any) -> dict[str, Any]:
    """A certificate as Traefik 3.7.15 writes it; `sans` only where there are some."""
    domain = {"main": main, **({"sans": list(sans)} if sans else {})}
    good = {
        "domain": domain,
        "certificate": base64.b64encode(CHAIN).decode(),
        "key": KEY,
        "Store": "default",
    }
    return {**good, **changes}


def resolver(*entries: dict[str, Any]) -> dict[str, Any]:
    return {"Account": ACCOUNT, "Certificates": list(entries) or None}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "acme").mkdir(mode=0o700)
    return tmp_path


def written(project: Path, content: object, mode: int = 0o600) -> CertificateStore | None:
    file = project / "acme" / "acme.json"
    file.write_bytes(content if isinstance(content, bytes) else json.dumps(content, indent=2).encode())
    file.chmod(mode)
    return read_store(project)


def read(project: Path, content: object, mode: int = 0o600) -> CertificateStore:
    store = written(project, content, mode)
    assert store is not None
    return store


def test_traefiks_own_store(project: Path) -> None:
    store = read(project, {"letsencrypt": resolver(entry(), entry("*.example.com", "example.com", "*.example.com"))})
    assert (store.mode, store.trouble) == (0o600, "")
    first, second = store.stored
    assert (first.resolver, first.names, first.chain, first.trouble) == (
        "letsencrypt",
        ("commenthouse.com",),
        CHAIN,
        "",
    )
    assert second.names == ("*.example.com", "example.com")


def test_every_resolver_in_its_order(project: Path) -> None:
    store = read(project, {"old": resolver(entry("a.example")), "new": resolver(entry("b.example"))})
    assert [(item.resolver, item.main) for item in store.stored] == [("old", "a.example"), ("new", "b.example")]


def test_no_key_is_kept(project: Path) -> None:
    store = read(project, {"le": resolver(entry(), entry(KEY="also " + KEY, Key=KEY))})
    assert len(store.stored) == 2
    for item in store.stored:
        assert KEY not in "".join(str(getattr(item, name)) for name in item.__slots__)
    assert "CERTIFICATE" not in repr(store)


def test_keys_are_gone_before_anything_is_looked_at(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[str] = []
    monkeypatch.setattr(stores, "_certificates", lambda data: looked_at.append(json.dumps(data)) or ())
    read(project, {"le": resolver(entry(), entry(KEY=KEY, Key=KEY))})
    assert KEY not in looked_at[0]
    assert base64.b64encode(CHAIN).decode() in looked_at[0]


@pytest.mark.parametrize("content", [b"", b" \n", b"{}", {"le": {"Account": None, "Certificates": None}}, {"le": None}])
def test_a_store_before_its_first_certificate(project: Path, content: object) -> None:
    store = read(project, content)
    assert (store.stored, store.trouble) == ((), "")


@pytest.mark.parametrize("content", [b'{"le": {"Certificates": [{"doma', b"\xff\xfe", b"\x00" * 4096, b"[" * 100_000])
def test_a_store_that_is_not_whole(project: Path, content: bytes) -> None:
    store = read(project, content)
    assert store.stored == ()
    assert f"({len(content)} bytes) is not complete JSON" in store.trouble


@pytest.mark.parametrize("content", [b"[]", b'"text"', b"7"])
def test_a_store_of_something_else(project: Path, content: bytes) -> None:
    assert "not what Traefik writes" in read(project, content).trouble


@pytest.mark.parametrize(
    ("broken", "trouble"),
    [
        (entry(certificate="%%%"), "its certificate is not base64"),
        (entry(certificate=["list"]), "its certificate is not base64"),
        (entry(certificate=7), "its certificate is not base64"),
        (entry(certificate=None), "it contains no PEM certificate"),
        (entry(certificate=""), "it contains no PEM certificate"),
        (entry(certificate=base64.b64encode(b"\x30\x82DER").decode()), "it contains no PEM certificate"),
        ({}, "it contains no PEM certificate"),
        (None, "it contains no PEM certificate"),
        ("text", "it contains no PEM certificate"),
    ],
)
def test_one_broken_entry_hides_no_other(project: Path, broken: Any, trouble: str) -> None:
    bad, good = read(project, {"le": resolver(broken, entry("good.example"))}).stored
    assert (bad.trouble, bad.chain) == (trouble, b"")
    assert (good.main, good.trouble) == ("good.example", "")


@pytest.mark.parametrize("domain", [None, [], "x", {}, {"main": 5, "sans": "abc"}, {"main": None, "sans": [None, 3]}])
def test_names_that_are_no_names(project: Path, domain: Any) -> None:
    (only,) = read(project, {"le": resolver(entry(domain=domain))}).stored
    assert (only.names, only.chain) == ((), CHAIN)


def test_nothing_there(tmp_path: Path) -> None:
    assert read_store(tmp_path) is None
    (tmp_path / "acme").mkdir()
    assert read_store(tmp_path) is None


def test_its_mode_is_told(project: Path) -> None:
    assert read(project, b"{}", 0o644).mode == 0o644


def test_a_link_is_not_followed(project: Path) -> None:
    (project / "elsewhere.json").write_text("{}")
    (project / "acme" / "acme.json").symlink_to(project / "elsewhere.json")
    with pytest.raises(RefusedError, match="symbolic link"):
        read_store(project)


def test_a_folder_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "acme").symlink_to(tmp_path / "real")
    with pytest.raises(RefusedError, match="symbolic link"):
        read_store(tmp_path)


@pytest.mark.timeout(60)
def test_a_fifo_does_not_hang(project: Path) -> None:
    os.mkfifo(project / "acme" / "acme.json")
    with pytest.raises(RefusedError, match="FIFO"):
        read_store(project)


def test_a_folder_in_its_place_is_explained(project: Path) -> None:
    (project / "acme" / "acme.json").mkdir()
    with pytest.raises(RefusedError, match="Docker creates one"):
        read_store(project)


@pytest.mark.slow
def test_a_giant_is_not_read_whole(project: Path) -> None:
    file = project / "acme" / "acme.json"
    with file.open("wb") as opened:
        opened.truncate(200 * 1024 * 1024)  # sparse: it takes no room
    with pytest.raises(RefusedError, match="is larger than"):
        read_store(project)


def test_what_the_system_refuses_is_an_error_of_files(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root may read everything, so the refusal is planted where the file is opened."""
    (project / "acme" / "acme.json").write_text("{}")
    opens = os.open

    def refuse(path: Any, *words: Any, **more: Any) -> int:
        if path == "acme.json":
            raise PermissionError(13, "Permission denied")
        return opens(path, *words, **more)

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(LocalIOError, match=r"acme\.json: reading failed: Permission denied"):
        read_store(project)


OTHER = CHAIN.replace(b"MIIB", b"MIIC")
PEM_KEY = b"-----BEGIN PRIVATE KEY-----\nPLANTED\n-----END PRIVATE KEY-----\n"


def leaf(path: str, chain: bytes = b"", trouble: str = "") -> Stored:
    return Stored("local", f".edgegen/ca/leaf/{path}", chain=chain, trouble=trouble)


def test_leaves_of_the_local_authority(tmp_path: Path) -> None:
    folder = tmp_path / ".edgegen/ca/leaf"
    folder.mkdir(parents=True)
    assert read_leaves(tmp_path) is None
    for name, content in {
        "1.pem": CHAIN + PEM_KEY,
        "2.pem": PEM_KEY + OTHER,
        "3.pem": CHAIN + PEM_KEY + OTHER,
        "4.pem": PEM_KEY,
        "5.pem": b"",
        "6.pem": OTHER.partition(b"-----END")[0],
        "7.pem": CHAIN.partition(b"MIIB")[2] + OTHER.partition(b"MIIC")[0],
        "9.pem": CHAIN,
    }.items():
        (folder / name).write_bytes(content)
    trouble = "it contains no PEM certificate"
    assert read_leaves(tmp_path) == CertificateStore(
        str(folder),
        0o600,
        (
            leaf("1.pem", CHAIN),
            leaf("2.pem", OTHER),
            leaf("3.pem", CHAIN),
            *(leaf(f"{number}.pem", trouble=trouble) for number in (4, 5, 6, 7)),
        ),
    )


def test_a_leaf_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / ".edgegen/ca/leaf").mkdir(parents=True)
    (tmp_path / "real.pem").write_bytes(CHAIN)
    (tmp_path / ".edgegen/ca/leaf/1.pem").symlink_to(tmp_path / "real.pem")
    with pytest.raises(RefusedError, match="symbolic link"):
        read_leaves(tmp_path)

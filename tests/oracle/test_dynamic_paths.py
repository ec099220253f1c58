"""Paths of a dynamic file are those of Traefik's container: the oracle looks for them where they really lie."""

from __future__ import annotations

from pathlib import Path

import pytest
import trustme

from edgegen.oracle.ask import ask
from edgegen.oracle.disk import Disk
from edgegen.oracle.dynamic import put
from edgegen.oracle.question import DynamicFile, Flags, Question
from tests.traefik.process import BINARY

FORMS = {
    "block": 'tls:\n  certificates:\n    - certFile: /c/a.pem\n      keyFile: "/c/a.key"\n',
    "flow": "tls: {certificates: [{certFile: /c/a.pem, keyFile: '/c/a.key'}]}\n",
    "json": '{"tls": {"certificates": [{"certFile": "/c/a.pem", "keyFile": "/c/a.key"}]}}\n',
    "list": "tls:\n  options:\n    m:\n      clientAuth:\n        caFiles:\n        - /c/a.pem\n        - '/c/a.key'\n",
    "list in brackets": 'tls: {options: {m: {clientAuth: {caFiles: [/c/a.pem, "/c/a.key"]}}}}\n',
    "toml": "[tls.options.m.clientAuth]\n  caFiles = [\"/c/a.pem\", '/c/a.key']\n",
}
KEPT = {
    "another key": "http: {middlewares: {m: {replacePath: {path: /c/a.pem}}}}\n",
    "another list": "http:\n  middlewares:\n    m:\n      stripPrefix:\n        prefixes:\n        - /c/a.pem\n",
}


def written(tmp_path: Path, text: str) -> tuple[str, Disk]:
    disk = Disk(tmp_path, {})
    name = "own.toml" if text.startswith("[") else "own.yml"
    assert put([DynamicFile(name, text)], disk) == ()
    return (disk.dynamic / name).read_text(), disk


@pytest.mark.parametrize("form", FORMS)
def test_each_path_is_moved_once(form: str, tmp_path: Path) -> None:
    text, disk = written(tmp_path, FORMS[form])
    moved = FORMS[form].replace("/c/", f"{disk.root}/c/")
    assert text == moved


@pytest.mark.parametrize("form", KEPT)
def test_what_is_no_path_of_a_file_stays(form: str, tmp_path: Path) -> None:
    assert written(tmp_path, KEPT[form])[0] == KEPT[form]


@pytest.mark.slow
def test_traefik_finds_a_list_of_authorities(tmp_path: Path) -> None:
    trustme.CA().cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    file = DynamicFile(
        "own.yml",
        "tls: {options: {m: {clientAuth: {caFiles: [/c/ca.pem], clientAuthType: RequireAndVerifyClientCert}}}}\n"
        "http:\n"
        "  routers: {w: {rule: Host(`w.x.test`), entryPoints: [web], service: w, tls: {options: m}}}\n"
        "  services: {w: {loadBalancer: {servers: [{url: 'http://127.0.0.1:9'}]}}}\n",
    )
    flags = Flags(("--entrypoints.web.address=:80", "--providers.docker=true"))
    answer = ask(Question("p", static=flags, dynamic=(file,), mounts={"/c": str(tmp_path)}), BINARY)
    assert answer.errors == ()
    assert answer.routers["w@file"]["status"] == "enabled"

"""`edgegen cert list` as a process: its table, its JSON, its exit codes, and no key anywhere."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Edgegen, Ran
from tests.fakes.authority_of_tests import Authority, Issued

pytestmark = pytest.mark.slow

ROOT = Authority.root("Cert Root")
MIDDLE = ROOT.intermediate("Cert R1")
SPEC = """\
name: house
acme: {{email: ops@example.com}}
domains:
  example.com: {{addresses: [{address}]}}
services:
  web: {{image: "ghcr.io/acme/web:1.4", port: 3000, host: www.example.com}}
  hub: {{kind: registry, host: hub.example.com, users: [ci]}}
"""


def entry(issued: Issued, main: str) -> dict[str, Any]:
    """One certificate as Traefik 3.7.15 writes it."""
    return {
        "domain": {"main": main},
        "certificate": base64.b64encode(issued.pem).decode(),
        "key": base64.b64encode(issued.key_pem).decode(),
        "Store": "default",
    }


@dataclass
class House:
    """A project with a store, and a way to ask for its certificates."""

    folder: Path
    edgegen: Edgegen
    issued: dict[str, Issued] = field(default_factory=dict)
    live: tuple[str, ...] = ("--offline",)

    def issue(self, host: str, days: tuple[float, float] = (-30, 60)) -> Issued:
        self.issued[host] = MIDDLE.issue(host, days=days)
        self.write({"letsencrypt": {"Certificates": [entry(one, host) for host, one in self.issued.items()]}})
        return self.issued[host]

    def write(self, content: object) -> None:
        text = content if isinstance(content, str) else json.dumps(content)
        (self.folder / "acme").mkdir(mode=0o700, exist_ok=True)
        file = self.folder / "acme" / "acme.json"
        file.write_text(text)
        file.chmod(0o600)

    def list(self, *words: str) -> Ran:
        ran = self.edgegen("cert", "list", *self.live, *words, cwd=self.folder)
        for one in self.issued.values():
            for line in one.key_pem.decode().splitlines()[1:-1]:
                assert line not in ran.out + ran.err, "a private key is shown"
        return ran

    def json(self, *words: str) -> tuple[int, dict[str, Any]]:
        ran = self.list("--json", *words)
        return ran.code, json.loads(ran.out)


@pytest.fixture
def house(tmp_path: Path, edgegen: Edgegen) -> House:
    (tmp_path / "edge.yaml").write_text(SPEC.format(address="192.0.2.1"))
    return House(tmp_path, edgegen)


def verdicts(result: dict[str, Any]) -> set[tuple[str, str]]:
    return {(item["subject"], item["verdict"]) for item in result["findings"] if item["outcome"] != "pass"}


def test_a_table_of_what_is_stored(house: House) -> None:
    house.issue("www.example.com")
    house.issue("hub.example.com", (-20, 70))
    ran = house.list()
    assert (ran.code, ran.err) == (0, "")
    head, first, second = ran.out.splitlines()
    assert head.split() == ["NAMES", "ISSUER", "UNTIL", "DAYS", "LIFE", "LEFT", "STORE", "SENT", "BY"]
    until = house.issued["www.example.com"].certificate.not_valid_after_utc
    assert first.split() == ["www.example.com", "Cert", "R1", f"{until:%Y-%m-%d}", "59", "67%", "letsencrypt", "?"]
    assert second.split()[0] == "hub.example.com"


def test_json_has_certificates_and_findings(house: House) -> None:
    house.issue("www.example.com")
    house.issue("hub.example.com")
    code, result = house.json()
    assert (code, result["ok"], result["command"]) == (0, True, "cert list")
    assert [item["names"] for item in result["certificates"]] == [["www.example.com"], ["hub.example.com"]]
    assert {item["outcome"] for item in result["findings"]} == {"pass"}
    assert {item["id"] for item in result["findings"]} == {"EC002", "EC003"}


@pytest.mark.parametrize(
    ("days", "words", "code", "word"),
    [
        ((-30, 60), (), 0, None),
        ((-65, 25), (), 0, "overdue"),
        ((-65, 25), ("--warn-days", "30"), 1, "ending"),
        ((-65, 25), ("--warn-days", "20"), 0, "overdue"),
        ((-82, 8), (), 1, "ending"),
        ((-91, -1), (), 1, "expired"),
        ((-91, -1), ("--warn-days", "0"), 1, "expired"),
        # six days in all: never a fixed number of them
        ((-2, 4), (), 0, None),
        ((-5.5, 0.5), (), 1, "ending"),
    ],
)
def test_how_long_it_lasts(house: House, days: Any, words: Any, code: int, word: str | None) -> None:
    house.issue("www.example.com", days)
    house.issue("hub.example.com", (0, 365))
    found, result = house.json(*words)
    assert (found, result["ok"]) == (code, code == 0)
    assert verdicts(result) == ({("www.example.com", word)} if word else set())


def test_a_host_without_a_stored_certificate(house: House) -> None:
    house.issue("www.example.com")
    code, result = house.json()
    assert (code, verdicts(result)) == (1, {("hub.example.com", "not-stored")})
    (finding,) = (item for item in result["findings"] if item["verdict"] == "not-stored")
    assert finding["where"].startswith("edge.yaml:2:")
    assert "edgegen explain https://hub.example.com/" in finding["hint"]


def test_one_that_the_spec_has_no_more(house: House) -> None:
    for host in ("www.example.com", "hub.example.com", "gone.example.com"):
        house.issue(host)
    code, result = house.json()
    assert (code, verdicts(result)) == (0, {("gone.example.com", "unused")})


def test_a_store_that_is_not_there(house: House) -> None:
    ran = house.list()
    assert ran.code == 1
    assert "there is no acme.json" in ran.err
    assert ran.out.splitlines()[0].startswith("bad EC003 not-stored: the store has no certificate for it: ")
    assert "\n    hub.example.com  edge.yaml:2:" in ran.out


@pytest.mark.parametrize("content", ['{"letsencrypt": {"Certificates": [{"certif', "[]", "\x00"])
def test_a_store_that_is_broken(house: House, content: str) -> None:
    house.write(content)
    ran = house.list()
    assert ran.code == 1
    assert "acme/acme.json" in ran.out
    code, result = house.json()
    assert (code, verdicts(result)) == (1, {("acme/acme.json", "broken")})


def test_a_store_that_others_may_read(house: House) -> None:
    house.issue("www.example.com")
    house.issue("hub.example.com")
    (house.folder / "acme" / "acme.json").chmod(0o644)
    code, result = house.json()
    assert (code, verdicts(result)) == (1, {("acme/acme.json", "mode")})


def test_a_link_is_refused(house: House) -> None:
    (house.folder / "acme").mkdir()
    (house.folder / "acme" / "acme.json").symlink_to("/etc/passwd")
    ran = house.list()
    assert (ran.code, ran.out) == (3, "")
    assert "symbolic link" in ran.err


def test_words_of_a_certificate_command_no_terminal(house: House) -> None:
    house.issued["x"] = Authority.root("Evil").intermediate("R\x1b[31m\u202e1").issue("www.example.com")
    house.write({"le\x1b]0;t\x07": {"Certificates": [entry(house.issued["x"], "www.example.com")]}})
    for ran in (house.list(), house.list("--json"), house.list("-v")):
        assert not set("\x1b\x07\u202e") & set(ran.out + ran.err)


def test_without_a_spec(tmp_path: Path, edgegen: Edgegen) -> None:
    ran = edgegen("cert", "list", "--offline", cwd=tmp_path)
    assert ran.code in (2, 7)
    assert "edge.yaml" in ran.err


@pytest.mark.parametrize("words", [("--warn-days", "-1"), ("--warn-days", "soon"), ("--timeout", "0"), ("extra",)])
def test_wrong_usage(house: House, words: tuple[str, ...]) -> None:
    house.live = ()
    assert house.list(*words).code == 2


def test_a_job_of_cron_speaks_up_only_when_something_is_bad(house: House) -> None:
    """The recipe of `--help`, in a shell."""
    helped = house.edgegen("cert", "list", "--help", cwd=house.folder).out
    recipe = next(line.strip() for line in helped.splitlines() if "edgegen cert list -C" in line)
    line = recipe.replace("edgegen cert", f"{sys.executable} -m edgegen cert").replace(
        "/srv/edge", f"{house.folder} --offline"
    )
    house.issue("hub.example.com")
    said = []
    for days in ((-30, 60), (-89, 1)):
        house.issue("www.example.com", days)
        said.append(subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=False).stdout)
    assert said[0] == ""
    assert "bad EC002 ending: 0 days" in said[1]
    assert "\n    www.example.com\n" in said[1]


def test_without_an_edge_there_is_no_certificate(edgegen: Edgegen, tmp_path: Path) -> None:
    (tmp_path / "edge.yaml").write_text("name: p\nedge: none\nservices: {web: {image: 'i:1'}}\n")
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme/acme.json").touch(0o600)
    ran = edgegen("cert", "list", "--offline", cwd=tmp_path)
    assert (ran.code, ran.out) == (0, "")
    assert "the spec has no public host" in ran.err

"""`acme: {ca: local}`: what lies where, when it is renewed, what is refused, and that production does not notice."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
from pathlib import Path

import pytest
from cryptography import x509

from edgegen.core.errors import LockedError, RefusedError
from edgegen.project.local_ca import certificate_names, limits, local_ca, trust_line
from edgegen.spec.edge import Spec
from edgegen.spec.load import load_text
from tests.conftest import Edgegen

NOW = dt.datetime(2030, 5, 1, 12, tzinfo=dt.UTC)
SPEC = """\
name: shop
acme: {email: ops@example.com, challenge: dns}
domains: {example.com: {addresses: [192.0.2.10]}}
services:
  web: {image: "web:1", port: 80, host: www.example.com}
  wild: {image: "web:1", port: 80, host: "*.example.com"}
  hub: {kind: registry, host: r.example.com, users: [ci]}
environments:
  production: {}
  dev: {acme: {ca: local}}
"""
LOCAL = SPEC.replace("challenge: dns}", "ca: local}").partition("environments")[0]
CA = ".edgegen/ca"
LEAF = f"{CA}/leaf/1.pem"


def spec_of(text: str = LOCAL) -> Spec:
    return load_text(text.encode()).spec


def write(project: Path, now: dt.datetime = NOW, text: str = LOCAL) -> dict[str, bytes]:
    """What the authority asks for, written as it stands; the files by path."""
    found = local_ca(project, spec_of(text), now)
    assert found is not None
    found.keep(project)
    for item in found.outputs:
        file = project / item.path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(item.content)
    return {item.path: item.content for item in found.outputs} | {f"{CA}/root-key.pem": found.authority}


def certificate(pem: bytes) -> x509.Certificate:
    return x509.load_pem_x509_certificate(pem)


def test_a_leaf_lives_398_days_at_most_and_no_longer_than_its_authority(tmp_path: Path) -> None:
    made = write(tmp_path)
    leaf, root = certificate(made[LEAF]), certificate(made[f"{CA}/root.pem"])
    assert leaf.not_valid_after_utc - leaf.not_valid_before_utc < dt.timedelta(days=398)
    late = write(tmp_path, root.not_valid_after_utc - dt.timedelta(days=30))
    assert certificate(late[LEAF]).not_valid_after_utc == root.not_valid_after_utc


def test_a_leaf_stays_until_a_third_of_its_life_is_left(tmp_path: Path) -> None:
    first = write(tmp_path)
    life = certificate(first[LEAF]).not_valid_after_utc - certificate(first[LEAF]).not_valid_before_utc
    end = certificate(first[LEAF]).not_valid_after_utc
    minute = dt.timedelta(minutes=1)
    assert write(tmp_path, end - life / 3 - minute) == first
    renewed = write(tmp_path, end - life / 3 + minute)
    assert {path for path in first if renewed[path] != first[path]} == {LEAF, "traefik/dynamic/local-certificates.yml"}


def test_another_name_asks_for_another_leaf_of_the_same_authority(tmp_path: Path) -> None:
    first = write(tmp_path)
    second = write(tmp_path, text=LOCAL.replace("host: www.example.com", "host: new.example.com"))
    assert second[f"{CA}/root.pem"] == first[f"{CA}/root.pem"]
    assert second[LEAF] != first[LEAF]
    names = certificate(second[LEAF]).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert set(names.get_values_for_type(x509.DNSName)) == {"new.example.com", "*.example.com", "r.example.com"}


def test_a_leaf_of_another_authority_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    other, mine = write(tmp_path / "a"), write(tmp_path / "b")
    (tmp_path / "b" / LEAF).write_bytes(other[LEAF])
    assert write(tmp_path / "b")[LEAF] not in (other[LEAF], mine[LEAF])


def test_more_names_than_one_certificate_should_hold(tmp_path: Path) -> None:
    services = "".join(f"  w{n}: {{image: 'w:1', port: 80, host: w{n}.example.com}}\n" for n in range(150))
    made = write(tmp_path, text=f"name: a\nacme: {{ca: local}}\ndomains: {{example.com: {{}}}}\nservices:\n{services}")
    assert [path for path in made if "/leaf/" in path] == [f"{CA}/leaf/1.pem", f"{CA}/leaf/2.pem"]
    dynamic = made["traefik/dynamic/local-certificates.yml"].decode().splitlines()[-1]
    files = [item["certFile"] for item in json.loads(dynamic)["tls"]["certificates"]]
    assert files == ["/etc/traefik/leaf/1.pem", "/etc/traefik/leaf/2.pem"]


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("www.shop.test", "test"), ("shop.localhost", "localhost"), ("localhost", "localhost"),
        ("nas.home.arpa", "home.arpa"), ("www.example.org", "example.org"), ("example.org", "example.org"),
        ("*.example.org", "example.org"), ("www.example.com", "example.com"), ("a.b.example.com", "example.com"),
    ],
)  # fmt: skip
def test_the_authority_is_limited_to_the_domains_of_the_spec(host: str, domain: str) -> None:
    spec = spec_of("name: a\ndomains: {example.com: {}}\n")
    assert limits(spec, [host]) == list(dict.fromkeys(["example.com", domain]))


def test_what_brings_its_own_certificate_needs_none() -> None:
    text = """\
name: a
domains: {example.com: {addresses: [192.0.2.1]}}
services:
  a: {kind: tcp, image: "p:1", host: a.example.com, entrypoint: one, listen: 5432, port: 1, passthrough: true}
  b: {kind: tcp, image: "p:1", host: b.example.com, entrypoint: two, listen: 5433, port: 1}
edge: {dashboard: {host: d.example.com, users: [me]}}
"""
    assert certificate_names(spec_of(text)) == ["b.example.com", "d.example.com"]


def test_an_authority_that_another_run_has_made_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    found = local_ca(tmp_path, spec_of(), NOW)
    assert found is not None
    present = write(tmp_path)
    with pytest.raises(LockedError):
        found.keep(tmp_path)
    assert (tmp_path / CA / "root-key.pem").read_bytes() == present[f"{CA}/root-key.pem"]


@pytest.mark.parametrize("left", [[f"{CA}/root.pem"], [LEAF], [f"{CA}/root.pem", LEAF]])
def test_a_lost_authority_is_never_replaced_silently(tmp_path: Path, left: list[str]) -> None:
    write(tmp_path)
    for path in (f"{CA}/root-key.pem", f"{CA}/root.pem", LEAF):
        if path not in left:
            (tmp_path / path).unlink()
    with pytest.raises(RefusedError) as caught:
        local_ca(tmp_path, spec_of(), NOW)
    assert "the authority is gone" in str(caught.value)
    assert "backup" in caught.value.problems[0].hint


@pytest.mark.parametrize("broken", [b"", b"half", "cut", "another key"])
def test_a_broken_authority_is_refused(tmp_path: Path, broken: bytes | str) -> None:
    pem = write(tmp_path)[f"{CA}/root-key.pem"]
    (tmp_path / "other").mkdir()
    key = write(tmp_path / "other")[f"{CA}/root-key.pem"].partition(b"-----BEGIN PRIVATE")
    words = {"cut": pem[:-200], "another key": pem.partition(b"-----BEGIN PRIVATE")[0] + key[1] + key[2]}
    (tmp_path / CA / "root-key.pem").write_bytes(words[broken] if isinstance(broken, str) else broken)
    with pytest.raises(RefusedError, match="the authority can't be read"):
        local_ca(tmp_path, spec_of(), NOW)


def test_an_authority_at_its_end_is_refused(tmp_path: Path) -> None:
    end = certificate(write(tmp_path)[f"{CA}/root.pem"]).not_valid_after_utc
    with pytest.raises(RefusedError, match="ended on"):
        local_ca(tmp_path, spec_of(), end)


def test_a_host_that_the_authority_may_not_vouch_for_is_refused(tmp_path: Path) -> None:
    write(tmp_path)
    text = LOCAL.replace("host: www.example.com", "host: www.another.test")
    with pytest.raises(RefusedError, match=r"limited to example.com: it can't vouch for `www.another.test`"):
        local_ca(tmp_path, spec_of(text), NOW)


@pytest.mark.parametrize(
    ("platform", "has_update", "begins"),
    [
        ("linux", True, "sudo cp "),
        ("linux", False, "sudo trust anchor --store "),
        ("darwin", False, "sudo security add-trusted-cert -d -r trustRoot "),
    ],
)
def test_the_line_fits_the_system_and_any_folder(platform: str, has_update: bool, begins: str) -> None:
    line = trust_line(Path("/home/me/it's here"), spec_of(), platform, has_update=has_update)
    assert line.startswith(begins)
    assert "\n" not in line
    assert ("certutil" in line) is (platform == "linux")
    parsed = subprocess.run(["sh", "-n", "-c", line], capture_output=True, text=True, check=False)
    assert (parsed.returncode, parsed.stderr) == (0, "")
    assert """'/home/me/it'"'"'s here/.edgegen/ca/root.pem'""" in line


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "edge.yaml").write_text(SPEC)
    return tmp_path


def files(project: Path, *, but: tuple[str, ...] = (".edgegen",)) -> dict[str, tuple[int, bytes]]:
    found = (file for file in project.rglob("*") if file.is_file())
    paths = {file.relative_to(project).as_posix(): file for file in found}
    return {
        path: (file.stat().st_mode, file.read_bytes()) for path, file in paths.items() if path.split("/")[0] not in but
    }


GIVEN = {"CLOUDFLARE_API_TOKEN": "canary"}


@pytest.mark.slow
def test_production_notices_nothing_of_a_local_environment(edgegen: Edgegen, project: Path) -> None:
    assert edgegen("render", "-e", "production", cwd=project, env=GIVEN).code == 0
    store = project / "acme/acme.json"
    store.write_text('{"letsencrypt": {"Account": {}, "Certificates": null}}')
    store.chmod(0o600)
    before, inode = files(project), store.stat().st_ino
    assert edgegen("render", "-e", "dev", cwd=project).code == 0
    stack = (project / "docker-compose.yml").read_text()
    for word in (
        "certresolver",
        "certificatesresolvers",
        "acme",
        "CF_DNS_API_TOKEN",
        "cloudflare-api-token",
        "root-key",
    ):
        assert word not in stack, word
    assert "./.edgegen/ca/leaf" in stack
    assert edgegen("render", "-e", "dev", "--check", cwd=project).code == 0
    assert edgegen("render", "-e", "production", cwd=project).code == 0
    assert files(project) == before
    assert store.stat().st_ino == inode
    kept = (project / CA / "root-key.pem").read_bytes()
    assert edgegen("render", "-e", "dev", cwd=project).code == 0
    assert (project / CA / "root-key.pem").read_bytes() == kept


@pytest.mark.slow
def test_a_second_render_changes_nothing_and_modes_are_private(edgegen: Edgegen, project: Path) -> None:
    first = edgegen("render", "-e", "dev", "--json", cwd=project)
    assert first.code == 0, first.err
    told = json.loads(first.out)["local_ca"]
    assert told["new"] is True
    assert told["root"] == str(project / CA / "root.pem")
    before = files(project, but=())
    second = edgegen("render", "-e", "dev", "--json", cwd=project)
    assert json.loads(second.out)["local_ca"] == {**told, "new": False}
    assert json.loads(second.out)["written"] == []
    assert files(project, but=()) == before
    modes = {path: f"{mode & 0o777:04o}" for path, (mode, _) in before.items()}
    assert (modes[f"{CA}/root-key.pem"], modes[f"{CA}/root.pem"], modes[LEAF]) == ("0600", "0644", "0600")
    for folder in (".edgegen", CA, f"{CA}/leaf"):
        assert f"{(project / folder).stat().st_mode & 0o777:04o}" == "0700"
    (project / CA / "root-key.pem").chmod(0o644)
    assert edgegen("render", "-e", "dev", cwd=project).code == 0
    assert f"{(project / CA / 'root-key.pem').stat().st_mode & 0o777:04o}" == "0600"


@pytest.mark.slow
def test_no_key_is_ever_shown(edgegen: Edgegen, project: Path) -> None:
    said = ""
    for words in (["--diff"], ["--check"], ["--stdout"], [], ["--json"], ["-v"]):
        done = edgegen("render", "-e", "dev", *words, cwd=project)
        assert done.code in (0, 1)
        said += done.out + done.err
    for path in (f"{CA}/root-key.pem", LEAF):
        key = (project / path).read_text().partition("PRIVATE KEY-----\n")[2]
        assert key
        assert not any(line in said for line in key.splitlines() if len(line) > 20)


@pytest.mark.slow
def test_a_certificate_changed_by_hand_is_not_overwritten(edgegen: Edgegen, project: Path) -> None:
    assert edgegen("render", "-e", "dev", cwd=project).code == 0
    (project / LEAF).write_text("mine")
    done = edgegen("render", "-e", "dev", cwd=project)
    assert (done.code, (project / LEAF).read_text()) == (3, "mine")
    assert edgegen("render", "-e", "dev", "--force", cwd=project).code == 0
    assert (project / f"{LEAF}.bak").read_text() == "mine"


@pytest.mark.slow
def test_cert_list_shows_the_local_certificates(edgegen: Edgegen, project: Path) -> None:
    assert edgegen("render", "-e", "dev", cwd=project).code == 0
    done = edgegen("cert", "list", "--offline", "--json", "-e", "dev", cwd=project)
    assert done.code == 0, done.err
    [listed] = json.loads(done.out)["certificates"]
    assert set(listed["names"]) == {"www.example.com", "*.example.com", "r.example.com"}
    assert (listed["resolver"], listed["days_left"] > 390) == ("local", True)


@pytest.mark.slow
def test_lost_from_the_command_line(edgegen: Edgegen, project: Path) -> None:
    assert edgegen("render", "-e", "dev", cwd=project).code == 0
    (project / CA / "root-key.pem").unlink()
    done = edgegen("render", "-e", "dev", cwd=project)
    assert (done.code, "the authority is gone" in done.err, f"remove {CA}" in done.err) == (3, True, True)

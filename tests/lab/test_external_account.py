"""An external account's HMAC: Traefik signs with it, and it stands in no flag and in no file that others may read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.fakes.acme import REFUSAL, RefusingAcme, binding
from tests.lab.oracle import OracleAnswer, Project, ask_traefik
from tests.lab.parsers import compose_config
from tests.lab.test_oracle import DATA, edgegen

pytestmark = pytest.mark.lab
HMAC = "LXRoZSBzZWNyZXQgb2YgYW4gYWNjb3VudC0gMzIrIOk-_w"  # of 256 bits at least: with less Traefik would not sign


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bound")
    (folder / "edge.yaml").write_text((DATA / "external-account.yaml").read_text())
    edgegen("render", "-C", str(folder), ZEROSSL_HMAC=HMAC)
    return folder


@pytest.fixture
def project(folder: Path) -> Project:
    return Project(compose_config(folder / "docker-compose.yml"), folder / "traefik" / "dynamic")


def test_everything_is_as_with_flags(project: Project) -> None:
    assert (
        "command" not in project.compose["services"]["traefik"] or not project.compose["services"]["traefik"]["command"]
    )
    answer = ask_traefik(project.compose, project.dynamic)
    assert answer.complaints == []
    assert set(answer.http_routers) == {f"{name}@docker" for name in ("web-http", "web-https", "hub-http", "hub-https")}
    assert answer.tcp_routers["pg@docker"]["entryPoints"] == ["my-postgres"]


def accounts_asked_for(project: Project, ca_file: Path, **changes: Any) -> tuple[list[dict[str, Any]], OracleAnswer]:
    """What Traefik sends to an authority that wants external accounts."""
    traefik = project.compose["services"]["traefik"]
    with RefusingAcme() as acme:
        ca_file.write_bytes(acme.ca)
        traefik["environment"]["LEGO_CA_CERTIFICATES"] = str(ca_file)
        traefik.update(changes)
        # Without a key that it was told to need, Traefik does not even ask for an account.
        answer = ask_traefik(project.compose, project.dynamic, lines=("Unable to obtain ACME",), acme=acme.port)
    return acme.accounts, answer


def test_traefik_binds_its_account_with_the_key(project: Project, tmp_path: Path) -> None:
    accounts, answer = accounts_asked_for(project, tmp_path / "ca.pem")
    assert any(REFUSAL in line for line in answer.log_lines), answer.log_lines
    assert {binding(account, HMAC) for account in accounts} == {"kid-1"}
    with pytest.raises(AssertionError, match="another key"):
        binding(accounts[0], "b3RoZXI")
    assert not any(HMAC in line for line in answer.log_lines)


def test_one_flag_would_make_traefik_forget_its_account(project: Project, tmp_path: Path) -> None:
    """Why all of the static configuration moves, and not the key alone."""
    variables = project.compose["services"]["traefik"]["environment"]
    flags = [
        f"--{key.removeprefix('TRAEFIK_').replace('_', '.').lower()}={value}"
        for key, value in variables.items()
        if key.startswith("TRAEFIK_") and "_EAB_" not in key
    ]
    accounts, answer = accounts_asked_for(project, tmp_path / "ca.pem", command=flags)
    assert not any("externalAccountBinding" in account for account in accounts)
    assert any("Unable to obtain ACME" in line for line in answer.log_lines)


def test_the_key_stands_in_private_files_alone(folder: Path) -> None:
    holders = {path for path in folder.rglob("*") if path.is_file() and HMAC.encode() in path.read_bytes()}
    assert {str(path.relative_to(folder)) for path in holders} == {"secrets/traefik.env", "secrets/zerossl-hmac"}
    assert {path.stat().st_mode & 0o777 for path in holders} == {0o600}

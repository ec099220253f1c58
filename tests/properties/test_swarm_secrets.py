"""No secret leaves its file on the way to a swarm, but as the variable of a service, and then a remark has said so."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from tests.fakes.swarm_taking import SwarmTaking
from tests.properties.specs import as_text
from tests.properties.test_mutated import called
from tests.properties.test_secrets import CANARIES, FILE_CANARY, HASH, SPEC, leaks, planted, vault

pytestmark = [pytest.mark.slow, pytest.mark.lab]

__all__ = ["vault"]

SHOWN = {
    "web": {"A": "from-env", "B": "made", "C": "from.file_2"},
    "registry": {"REGISTRY_STORAGE_S3_ACCESSKEY": "key", "REGISTRY_STORAGE_S3_SECRETKEY": "both"},
}
"""Service -> variable -> secret: what `docker service inspect` shows, after a remark."""
UNSAID = "REGISTRY_HTTP_SECRET"
"""What edgegen makes for a registry itself: it signs the state of uploads, and opens nothing."""


@pytest.fixture
def stack(vault: Path) -> Path:
    """The vault for a swarm, rendered."""
    (vault / "edge.yaml").write_text(as_text({**SPEC, "target": "swarm"}))
    return vault


def test_the_stack_and_all_that_is_committed_with_it_hold_none(stack: Path) -> None:
    code, _, err = called(["render", "-C", str(stack), "-v"])
    assert code == 0, err
    public = [stack / "stack.yml", *(stack / "traefik/dynamic").iterdir(), stack / "traefik/socket-proxy.cfg"]
    text = "".join(path.read_text() for path in public)
    assert "CANARY" not in text
    assert leaks(text, planted(stack)) == []
    assert leaks(err, planted(stack)) == []


def test_a_remark_names_each_secret_that_inspect_shows(stack: Path) -> None:
    _, _, err = called(["render", "-C", str(stack)])
    for secret in {name for variables in SHOWN.values() for name in variables.values()}:
        assert f"the value of `{secret}` becomes a variable of the service" in err


def test_a_swarm_is_shown_secrets_only_where_a_remark_said_so(stack: Path) -> None:
    assert called(["render", "-C", str(stack)])[0] == 0
    with SwarmTaking() as swarm:
        swarm.deploy(stack / "stack.yml", "vault")
    secrets = planted(stack)
    for real, service in swarm.taken["services"].items():
        name = real.removeprefix("vault_")
        variables = service["TaskTemplate"]["ContainerSpec"].get("Env") or []
        said = {f"{variable}=" for variable in (*SHOWN.get(name, {}), UNSAID)}
        service["TaskTemplate"]["ContainerSpec"]["Env"] = [
            item for item in variables if not item.startswith(tuple(said))
        ]
        assert len(variables) - len(service["TaskTemplate"]["ContainerSpec"]["Env"]) <= len(said)
        assert leaks(json.dumps(service, ensure_ascii=False), secrets) == [], real
    names = json.dumps([*swarm.taken["secrets"], *swarm.taken["configs"], *swarm.taken["networks"]])
    assert leaks(names, secrets) == []
    held = {swarm.content("secrets", name).decode(errors="replace").strip() for name in swarm.taken["secrets"]}
    assert FILE_CANARY in held
    configs = "".join(swarm.content("configs", name).decode() for name in swarm.taken["configs"])
    assert leaks(configs, secrets) == []


def test_names_of_secrets_say_nothing_about_a_short_password(stack: Path) -> None:
    """Without the key of the project nobody can try passwords against the committed file."""
    assert called(["render", "-C", str(stack)])[0] == 0
    text = (stack / "stack.yml").read_text()
    for content in (*CANARIES.values(), FILE_CANARY, f"office:{HASH[:-3]}abc\n"):
        for shape in (content, f"{content}\n"):
            for algorithm in ("sha256", "sha1", "md5"):
                assert hashlib.new(algorithm, shape.encode()).hexdigest()[:12] not in text

"""Static configuration as flags and as variables."""

from __future__ import annotations

from typing import Any

import pytest

from edgegen.core.secret import SecretRef
from edgegen.traefik.engine_providers import DockerProvider
from edgegen.traefik.static import AcmeResolver, Eab, EntryPoint, FileProvider, StaticConfig

RESOLVER = AcmeResolver("le", "ops@example.com", "https://acme.test/dir", "/acme/acme.json")


def config(**changes: Any) -> StaticConfig:
    parts: dict[str, Any] = {
        "entrypoints": (
            EntryPoint("web", ":80", redirect_to="websecure", redirect_priority=1),
            EntryPoint("websecure", ":443", read_timeout="0"),
        ),
        "engine": DockerProvider("tcp://proxy:2375", "shop_edge", "Label(`project`,`shop`)"),
        "file": FileProvider("/dynamic"),
        "resolvers": (RESOLVER,),
    }
    return StaticConfig(**{**parts, **changes})


def test_flags_in_their_order() -> None:
    assert config().flags() == [
        "--global.checknewversion=false",
        "--global.sendanonymoususage=false",
        "--log.level=INFO",
        "--ping=true",
        "--accesslog=true",
        "--accesslog.fields.queryparameters.defaultmode=drop",
        "--entrypoints.web.address=:80",
        "--entrypoints.web.http.redirections.entrypoint.to=websecure",
        "--entrypoints.web.http.redirections.entrypoint.scheme=https",
        "--entrypoints.web.http.redirections.entrypoint.permanent=true",
        "--entrypoints.web.http.redirections.entrypoint.priority=1",
        "--entrypoints.websecure.address=:443",
        "--entrypoints.websecure.transport.respondingtimeouts.readtimeout=0",
        "--providers.docker=true",
        "--providers.docker.endpoint=tcp://proxy:2375",
        "--providers.docker.exposedbydefault=false",
        "--providers.docker.allowemptyservices=true",
        "--providers.docker.network=shop_edge",
        "--providers.docker.constraints=Label(`project`,`shop`)",
        "--providers.file.directory=/dynamic",
        "--providers.file.watch=true",
        "--certificatesresolvers.le.acme.email=ops@example.com",
        "--certificatesresolvers.le.acme.caserver=https://acme.test/dir",
        "--certificatesresolvers.le.acme.storage=/acme/acme.json",
        "--certificatesresolvers.le.acme.keytype=EC256",
        "--certificatesresolvers.le.acme.httpchallenge.entrypoint=web",
    ]


def test_the_api_is_never_insecure() -> None:
    assert not any("insecure" in flag for flag in config(dashboard=True).flags())
    assert "--api=true" in config(dashboard=True).flags()


def test_a_secret_moves_all_of_it_to_variables() -> None:
    resolver = AcmeResolver("le", None, "https://acme.test/dir", "/a.json", eab=Eab("kid", SecretRef("hmac-name")))
    built = config(resolvers=(resolver,))
    assert built.has_secrets
    with pytest.raises(ValueError, match="a secret can't be a flag"):
        built.flags()
    variables = built.variables()
    assert variables["TRAEFIK_ENTRYPOINTS_WEB_ADDRESS"] == ":80"
    assert variables["TRAEFIK_CERTIFICATESRESOLVERS_LE_ACME_EAB_KID"] == "kid"
    assert not any("HMAC" in name for name in variables)
    assert built.secret_variables() == {"TRAEFIK_CERTIFICATESRESOLVERS_LE_ACME_EAB_HMACENCODED": "hmac-name"}


def test_without_secrets_flags_and_variables_say_the_same() -> None:
    built = config()
    assert not built.has_secrets
    assert built.secret_variables() == {}
    assert len(built.variables()) == len(built.flags())


def test_the_port_of_an_address() -> None:
    assert EntryPoint("web", ":80").port == 80
    assert EntryPoint("web", "[::1]:8443/udp").port == 8443


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"challenge": "htpp"}, "is not a challenge"),
        ({"challenge": "dns"}, "needs a DNS provider"),
        ({"storage": ""}, "needs a storage"),
    ],
)
def test_resolvers_that_would_fail_in_silence_are_refused(change: dict[str, Any], sentence: str) -> None:
    good: dict[str, Any] = {"name": "le", "email": None, "ca_server": "https://acme.test/dir", "storage": "/a.json"}
    AcmeResolver(**good)
    with pytest.raises(ValueError, match=sentence):
        AcmeResolver(**{**good, **change})


def test_entrypoints_that_contradict_themselves_are_refused() -> None:
    with pytest.raises(ValueError, match="goes nowhere"):
        EntryPoint("web", ":80", redirect_priority=1)
    with pytest.raises(ValueError, match="two entrypoints `web`"):
        config(entrypoints=(EntryPoint("web", ":80"), EntryPoint("web", ":81")))

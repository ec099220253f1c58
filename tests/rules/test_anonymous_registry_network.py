"""With `anonymous: pull` only Traefik asks for a password: nothing else may reach the registry."""

from __future__ import annotations

import pytest

from edgegen.rules import anonymous_registry_network
from tests.rules.conftest import Said, said

HUB = "kind: registry, host: r.example.com, users: [ci]"
OPEN = f"{HUB}, anonymous: pull"
S3 = "storage: {s3: {bucket: b, region: r}}"
BROKEN = [
    (f"networks: {{inner: {{}}}}\nservices: {{hub: {{{OPEN}, networks: [inner]}}}}\n",
     "services.hub.networks[0]", "`inner`"),
    (f"services: {{hub: {{{OPEN}, networks: [edge]}}}}\n", "services.hub.networks[0]", "`edge`"),
    (f"services: {{hub: {{{OPEN}, {S3}, networks: [edge]}}}}\n", "services.hub.networks[0]", "`edge`"),
    (f"services: {{hub: {{{OPEN}, extra: {{networks: [edge]}}}}}}\n", "services.hub.extra.networks", "`networks`"),
    (f'services: {{hub: {{{OPEN}, extra: {{ports: ["5000:5000"]}}}}}}\n', "services.hub.extra.ports", "`ports`"),
    (f"services: {{hub: {{{OPEN}}}}}\nextra: {{services: {{hub: {{network_mode: host}}}}}}\n",
     "extra.services.hub.network_mode", "`network_mode`"),
    (f"services: {{hub: {{{OPEN}}}, w: {{image: 'w:1', extra: {{networks: [hub-edge]}}}}}}\n",
     "services.w.extra.networks", "`w` would be on `hub-edge`"),
    (f"services: {{hub: {{{OPEN}}}}}\nextra: {{services: {{w: {{image: 'w:1', networks: {{hub-edge: {{}}}}}}}}}}\n",
     "extra.services.w.networks", "`w` would be on `hub-edge`"),
]  # fmt: skip
REPORTED = f"networks: {{inner: {{}}}}\nservices: {{hub: {{{OPEN}, {S3}, networks: [inner]}}}}\n"
NEAR_MISSES = [
    f"services: {{hub: {{{OPEN}}}}}\n",
    f"services: {{hub: {{{OPEN}, {S3}, extra: {{mem_limit: 2g}}}}}}\n",
    f"networks: {{inner: {{}}}}\nservices: {{hub: {{{HUB}, networks: [inner, edge]}}}}\n",
    f'services: {{hub: {{{HUB}, extra: {{ports: ["5000:5000"], networks: [edge]}}}}}}\n',
    f"services: {{hub: {{{OPEN}}}, w: {{image: 'w:1', extra: {{networks: [edge]}}}}}}\n",
    f"services: {{hub: {{{OPEN}}}, w: {{image: 'w:1', extra: {{networks: null}}}}}}\n",
    "",
]


@pytest.mark.parametrize(("spec", "path", "words"), BROKEN)
def test_broken(spec: str, path: str, words: str) -> None:
    found = said(anonymous_registry_network, spec)
    assert [(item.path, item.refused) for item in found] == [(path, True)]
    assert words in found[0].message
    assert found[0].line > 1


def test_the_network_of_an_s3_server_is_reported() -> None:
    found = said(anonymous_registry_network, REPORTED)
    assert [(item.path, item.refused) for item in found] == [("services.hub.networks[0]", False)]
    assert "`inner`" in found[0].message


@pytest.mark.parametrize("spec", NEAR_MISSES)
def test_near_misses(spec: str) -> None:
    assert said(anonymous_registry_network, spec) == list[Said]()

"""Traefik's labels are refused wherever Compose takes labels from, with the key to use instead."""

from __future__ import annotations

import pytest

from edgegen.core.errors import SpecError
from edgegen.project.checked import checked
from edgegen.rules import labels_of_traefik, violations
from edgegen.spec.load import load_text
from tests.rules.conftest import Said, said

WEB = 'services:\n  web: {image: "w:1", port: 80, host: w.example.com, '

BROKEN = [
    (WEB + "labels: {traefik.enable: true}}\n", "services.web.labels.traefik.enable", "edgegen writes these"),
    (WEB + "labels: [traefik.tcp.routers.a.rule=7]}\n", "services.web.labels.traefik.tcp.routers.a.rule", "edgegen"),
    (WEB + 'labels: {"Traefik.Enable": true}}\n', "services.web.labels.Traefik.Enable", "edgegen writes these"),
    (WEB + 'labels: {" traefik.enable": true}}\n', "services.web.labels. traefik.enable", "edgegen writes these"),
    (WEB + "labels: {traefik.htpp.routers.a.rule: x}}\n", "services.web.labels.traefik.htpp.routers.a.rule", "edgegen"),
    (WEB + "deploy: {labels: {traefik.enable: true}}}\n", "services.web.deploy.labels.traefik.enable", "edgegen"),
    (WEB + "extra: {labels: {traefik.enable: true}}}\n", "services.web.extra.labels.traefik.enable", "edgegen"),
    (WEB + "extra: {labels: [a=b, traefik.enable=true]}}\n", "services.web.extra.labels[1]", "edgegen writes"),
    (WEB + "extra: {deploy: {labels: [traefik.enable=true]}}}\n", "services.web.extra.deploy.labels[0]", "edgegen"),
    (WEB + "extra: {build: {labels: {traefik.enable: x}}}}\n", "services.web.extra.build.labels.traefik.enable", ""),
    (WEB + "extra: {label_file: ./labels}}\n", "services.web.extra.label_file", "can't see"),
    ("edge: {extra: {labels: {traefik.enable: true}}}\n", "edge.extra.labels.traefik.enable", "edgegen writes these"),
    (
        "extra: {services: {own: {image: x, labels: {traefik.enable: true}}}}\n",
        "extra.services.own.labels.traefik.enable", "edgegen writes these",
    ),
    (
        "extra: {services: {own: {image: x, deploy: {labels: [traefik.enable=true]}}}}\n",
        "extra.services.own.deploy.labels[0]", "edgegen writes these",
    ),
    (
        "extra: {x-shared: &shared {traefik.enable: true}}\nservices:\n"
        '  web: {image: "w:1", port: 80, host: w.example.com, labels: {<<: *shared, own: x}}\n',
        "services.web.labels.traefik.enable", "edgegen writes these",
    ),
]  # fmt: skip
NEAR_MISSES = [
    WEB + "labels: {com.example.traefik.enable: true, traefik-note: x, my.traefik: y}}\n",
    WEB + "labels: [maintainer=me], extra: {labels: {a: b}, deploy: {labels: [c=d]}, build: {labels: {e: f}}}}\n",
    WEB + "traefik_labels: {traefik.http.routers.web-https.observability.tracing: false}}\n",
    WEB + "environment: {TRAEFIK_ENABLE: true}}\n",
    "extra: {services: {own: null}, networks: {n: {labels: {traefik.enable: true}}}}\n",
]


@pytest.mark.parametrize(("spec", "path", "words"), BROKEN)
def test_broken(spec: str, path: str, words: str) -> None:
    found = said(labels_of_traefik, spec)
    assert [item.refused for item in found] == [True]
    assert words in found[0].message
    assert found[0].path in (
        path,
        path.replace(path.rpartition(".labels.")[2], f"['{path.rpartition('.labels.')[2]}']"),
    )
    assert found[0].line > 1


@pytest.mark.parametrize("spec", NEAR_MISSES[:4])
def test_near_misses(spec: str) -> None:
    assert [item for item in said(labels_of_traefik, spec) if item.refused] == list[Said]()


def test_what_only_looks_like_one_is_reported() -> None:
    (found,) = said(labels_of_traefik, WEB + "labels: {treafik.enable: true}}\n")
    assert (found.refused, "Traefik ignores it" in found.message) == (False, True)


def test_an_environment_is_no_way_around_it() -> None:
    text = (
        'name: a\nservices:\n  web: {image: "w:1", port: 80, host: w.example.com}\n'
        "environments:\n  dev:\n    services:\n      web:\n        labels:\n        - traefik.enable=false\n"
    )
    assert [item for item in violations(load_text(text.encode()).spec) if item.refused] == []
    with pytest.raises(SpecError) as caught:
        checked(load_text(text.encode(), environment="dev"))
    assert caught.value.exit_code == 2
    (problem,) = caught.value.problems
    assert str(problem.where).startswith("edge.yaml:9:")


INSTEAD = {
    "traefik.enable=true": "use `host:`",
    "traefik.enable=false": "remove it",
    "traefik.docker.network=x": "`edge: {network: …}`",
    "traefik.docker.allownonrunning=true": "`traefik_labels:`",
    "traefik.http.routers.web.rule=Host(`a.test`)": "use `host: a.test`",
    "traefik.http.routers.web.rule=Host(`a.test`) || Host(`b.test`)": "`host: a.test` and `aliases: [b.test]`",
    "traefik.http.routers.web.rule=Host(`a.test`) && PathPrefix(`/x`)": "`host: a.test` and `path:`",
    "traefik.http.routers.web.rule=ClientIP(`192.0.2.1`)": "`traefik_labels:`",
    "traefik.http.routers.web.entrypoints=websecure": "remove it",
    "traefik.http.routers.web.middlewares=auth@docker, gzip": "use `middlewares: [auth, gzip]`",
    "traefik.http.routers.web.tls=true": "`acme:`",
    "traefik.http.routers.web.tls.certresolver=le": "`acme:`",
    "traefik.http.routers.web.tls.domains[0].main=a.test": "use `host:`",
    "traefik.http.routers.web.tls.options=strong@file": "a router of your own",
    "traefik.http.routers.web.service=web": "remove it",
    "traefik.http.routers.web.priority=9": "`traefik_labels:`",
    "traefik.http.services.web.loadbalancer.server.port=8080": "use `port: 8080`",
    "traefik.http.services.web.loadbalancer.server.scheme=https": "use `scheme: https`",
    "traefik.http.services.web.loadbalancer.sticky.cookie=true": "`traefik_labels:`",
    "traefik.http.middlewares.auth.basicauth.users=a:b": "`middlewares: {auth: {kind: basic-auth, …}}`",
    "traefik.http.middlewares.x.passtlsclientcert.pem=true": "{kind: pass-tls-client-cert, …}",
    "traefik.http.middlewares.x.plugin.y.z=1": "`traefik_labels:`",
    "traefik.tcp.routers.db.rule=HostSNI(`*`)": "use `kind: tcp`",
    "traefik.tcp.middlewares.x.ipallowlist.sourcerange=192.0.2.0/24": "{kind: ip-allow-list, …}",
    "traefik.udp.routers.x.entrypoints=dns": "`traefik_labels:`",
    # Misspelt ones: the key of what was meant.
    "traefik.htpp.routers.web.rule=Host(`a.test`)": "use `host: a.test`",
    "traefik.https.routers.web.rule=Host(`a.test`)": "use `host: a.test`",
    "traefik.http.services.web.loadbalancer.server.prot=80": "use `port: 80`",
    "traefik.enabled=true": "use `host:`",
    "traefik.frontend.rule=Host:a.test": "`traefik_labels:`",
}


@pytest.mark.parametrize("label", INSTEAD)
def test_what_to_write_instead(label: str) -> None:
    spec = load_text(f'name: a\n{WEB}labels: ["{label}"]}}\n'.encode()).spec
    (found,) = labels_of_traefik.check(spec)
    assert INSTEAD[label] in found.hint

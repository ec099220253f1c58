"""Labels of running containers: unknown words, and what differs from edge.yaml."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from edgegen.explain.labels import label_reasons
from edgegen.explain.reason import Reason, Weight
from tests.explain.making import API, REGISTRY, WEB, container, inside, only, sentences, wanted_of

TYPO = "traefik.http.routers.registry-https.tls.certresolvers"


def reasons(host: str, *, override: str = "", more: Mapping[str, str] | None = None, less: str = "") -> list[Reason]:
    of = wanted_of(host, override=override)
    labels = {name: value for name, value in container(of).labels.items() if name != less}
    return list(label_reasons(inside(of, container(of, labels={**labels, **(more or {})})), of))


def test_labels_as_wanted() -> None:
    assert reasons(API) == []
    assert reasons(REGISTRY, more={"maintainer": "somebody", "com.docker.compose.image": "x"}) == []


def test_a_typo_names_the_label_what_was_meant_and_its_line() -> None:
    override = f'services:\n  registry:\n    labels:\n      {TYPO}: "letsencrypt"\n'
    found = only(reasons(REGISTRY, override=override, more={TYPO: "letsencrypt"}))
    assert found.weight is Weight.CAUSE
    assert found.drops
    assert "`certresolvers`" in found.sentence
    assert f"did you mean `{TYPO[:-1]}`?" in found.sentence
    assert str(found.where) == "compose.override.yaml:4:7"
    assert "compose.override.yaml" in found.hint


def test_a_typo_of_the_spec_has_the_specs_own_line() -> None:
    found = only(reasons(WEB))
    assert "traefik.http.routers.own.tls.certresolvers" in found.sentence
    assert str(found.where) == "edge.yaml:16:58"


def test_a_typo_that_traefik_passes_over_is_a_remark() -> None:
    found = only(reasons(API, more={"traefik.enabel": "true"}))
    assert (found.weight, found.drops) == (Weight.REMARK, False)


def test_without_a_spec_only_words_are_judged() -> None:
    of = wanted_of(WEB)
    (found,) = label_reasons(inside(of), None)
    assert "certresolvers" in found.sentence
    assert "docker compose up -d" in found.hint


def test_differences_are_remarks() -> None:
    rule = "traefik.http.routers.api-https.rule"
    changed = only(reasons(API, more={rule: "Host(`other.example.com`)"}))
    assert (changed.weight, "other.example.com" in changed.sentence) == (Weight.REMARK, True)
    assert sentences(reasons(API, less=rule)) == [f"the running container lacks the label `{rule}`"]
    extra = only(reasons(API, more={"traefik.http.routers.api-https.observability.metrics": "true"}))
    assert "not from edge.yaml" in extra.sentence
    assert "`edgegen up`" in extra.hint


def test_case_is_traefiks_own_matter() -> None:
    name = "traefik.http.routers.api-https.tls.certresolver"
    value = wanted_of(API).labels[name]
    assert reasons(API, less=name, more={"traefik.http.routers.api-https.tls.CertResolver": value}) == []


def test_words_of_others_are_harmless() -> None:
    found = reasons(
        API, more={"traefik.http.routers.api-https.\x1b[2J": "x", "traefik.http.routers.x.rule": "\x1b" * 999}
    )
    assert all(reason.sentence.isprintable() and len(reason.sentence) < 400 for reason in found)


DROPPING = {
    "traefik.enabled": "true", "traefik.https.routers.a.rule": "Host(`a`)", "traefik.tcps.routers.a.rule": "x",
    "traefik.udpx": "1", "traefik.enable.": "true", "traefik.http.routers.a.rule ": "Host(`a`)",
    "traefik.http.routers.a.priority": "high",
}  # fmt: skip
PASSED_OVER = ("traefik.enalbe", "traefik.dockers.network", "traefik.htpp.routers.a.rule", "traefik.foo.bar")


@pytest.mark.parametrize("label", DROPPING)
def test_a_label_that_begins_like_a_real_one_and_drops_the_container(label: str) -> None:
    found = only(reasons(API, more={label: DROPPING[label]}))
    assert (found.weight, found.drops) == (Weight.CAUSE, True)
    assert "Traefik drops the whole container for it" in found.sentence


@pytest.mark.parametrize("label", PASSED_OVER)
def test_a_label_that_traefik_passes_over(label: str) -> None:
    found = only(reasons(API, more={label: "true"}))
    assert (found.weight, found.drops) == (Weight.REMARK, False)
    assert "Traefik silently ignores it" in found.sentence


def test_enable_that_is_neither_true_nor_false() -> None:
    (different, found) = sorted(reasons(API, more={"traefik.enable": "yes"}), key=lambda reason: reason.drops)
    assert "is `yes` and not as in edge.yaml" in different.sentence
    assert found.drops
    assert "`yes` is not `true` or `false`" in found.sentence


def test_a_label_that_takes_away_the_routes_of_all() -> None:
    found = only(reasons(API, more={"traefik.http.routers.a].rule": "x"}))
    assert "Traefik doesn't show any container's routes because of it" in found.sentence


def test_a_label_for_constraints_is_nobodys_mistake() -> None:
    assert sentences(reasons(API, more={"traefik.constraint-label": "public"})) == [
        "the running container has the label `traefik.constraint-label`, which is not from edge.yaml"
    ]

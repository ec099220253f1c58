"""Compose recreates a container when the text of its config changes: only a label tells it."""

from __future__ import annotations

from edgegen.compose.model import CONFIG_LABEL, Merged, Service, Shared
from edgegen.targets.compose import with_digest

USES = [{"source": "one", "target": "/one"}, "two"]


def digest(one: object, two: object = "b", labels: object = None) -> object:
    found = with_digest(
        Service(image="a", configs=USES, labels=labels), {"one": {"content": one}, "two": {"content": two}}
    )
    return found.labels.own[CONFIG_LABEL] if isinstance(found.labels, Merged) else found.labels[CONFIG_LABEL]


def test_each_text_counts() -> None:
    assert digest("a") == digest("a")
    assert len({digest("a"), digest("b"), digest("a", "c"), digest("ab", "")}) == 4


def test_labels_that_are_there_stay() -> None:
    plain = with_digest(
        Service(image="a", configs=USES, labels={"x": "y"}), {"one": {"content": "a"}, "two": {"file": "f"}}
    )
    assert plain.labels["x"] == "y"
    merged = Merged((Shared("edge-labels", {"a": "b"}),), {"x": "y"})
    kept = with_digest(Service(image="a", configs=["one"], labels=merged), {"one": {"content": "a"}}).labels
    assert (kept.shared, kept.own["x"]) == (merged.shared, "y")
    assert merged.own == {"x": "y"}


def test_a_service_without_texts_has_no_label() -> None:
    for service in (Service(image="a"), Service(image="a", configs=["f"])):
        assert with_digest(service, {"f": {"file": "./f"}, "e": {"external": True}}) == service

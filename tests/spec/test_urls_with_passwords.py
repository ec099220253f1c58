"""A password in a URL of the spec would stand in rendered files: it is refused, and not repeated."""

from __future__ import annotations

import pytest

from edgegen.core.errors import SpecError
from edgegen.spec.load import load_text

SERVICES = {
    "upstream": '{kind: registry-cache, host: c.example.com, users: [ci], upstream: "https://ci:canary@up.example.net"}',
    "url": '{kind: external, host: n.example.com, url: "http://ci:canary@192.0.2.1:80"}',
    "to": '{kind: redirect, host: q.example.com, to: "https://ci:canary@x.example.com"}',
    "endpoint": (
        "{kind: registry, host: r.example.com, users: [ci],"
        ' storage: {s3: {bucket: b, region: r, endpoint: "https://ci:canary@s3.example.com/x"}}}'
    ),
}


@pytest.mark.parametrize("key", SERVICES)
def test_refused_and_not_repeated(key: str) -> None:
    with pytest.raises(SpecError) as told:
        load_text(f"name: a\nservices: {{one: {SERVICES[key]}}}\n".encode())
    (problem,) = told.value.problems
    assert problem.path.endswith(key)
    assert "canary" not in f"{problem} {problem.hint}"
    assert "://***@" in problem.message


def test_an_authority_is_no_place_for_one() -> None:
    with pytest.raises(SpecError, match=r"https://\*\*\*@acme\.example\.com/") as told:
        load_text(b'name: a\nacme: {ca: "https://ci:canary@acme.example.com/"}\n')
    assert "canary" not in str(told.value)


def test_without_one_all_are_right() -> None:
    for text in SERVICES.values():
        load_text(f"name: a\nservices: {{one: {text.replace('ci:canary@', '')}}}\n".encode())

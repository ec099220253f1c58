"""Traefik runs its dynamic files as Go templates: what a spec says must stay text."""

from __future__ import annotations

import pytest
import yaml

from edgegen.compose.emit import emit
from edgegen.desired.build import build
from edgegen.render.files import Origin, render
from edgegen.spec.load import load_text

HOSTILE = ["{{ env `HOME` }}", "{{{{", "a\n{{ .x }}\nb", "\\{{", '{{"}}', "{{{x}}}", "{ {", "{{`\n`}}"]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_action_is_left_and_parsers_read_the_same(text: str) -> None:
    shown = emit({"k": text, text: ["x", text, {"m": text}]}, interpolated=False)
    assert "{{" not in shown
    assert yaml.safe_load(shown) == {"k": text, text: ["x", text, {"m": text}]}


def test_a_header_of_the_spec_is_text_in_the_rendered_file() -> None:
    spec = load_text(
        b"""
name: house
services:
  nas: {kind: external, host: nas.example.com, url: "http://192.0.2.10", middlewares: [evil]}
middlewares:
  evil: {kind: headers, custom_response_headers: {X-Home: "{{ env `HOME` }}"}}
"""
    ).spec
    files = {file.path: file.text for file in render(build(spec), Origin("0" * 64, "1"))}
    text = files["traefik/dynamic/middlewares.yml"]
    assert "{{" not in text
    headers = yaml.safe_load(text)["http"]["middlewares"]["evil"]["headers"]["customResponseHeaders"]
    assert headers == {"X-Home": "{{ env `HOME` }}"}

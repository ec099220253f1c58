"""Go templates: which ones Traefik can't parse."""

from __future__ import annotations

import pytest

from edgegen.traefik.go_templates import template_fault


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Host(`{{ .Name }`)", "a quote of `{{ .Name }`)` is not closed"),
        ("{{ .Name", "a `{{` is not closed"),
        ("{{ if .Name }}x", "an `end` is missing"),
        ("{{ end }}", "`end` has nothing to end"),
        ("{{}}", "`{{}}` is empty"),
        ('{{ "a }}', 'a quote of `{{ "a }}` is not closed'),
    ],
)
def test_it_is_refused(text: str, why: str) -> None:
    assert template_fault(text) == why


@pytest.mark.parametrize(
    "text",
    [
        "Host(`{{ normalize .Name }}.example.com`)",
        "{{ if .Labels }}{{ range $k, $v := .Labels }}{{ $v }}{{ end }}{{ else }}x{{ end }}",
        "{{/* a comment with `one quote */}}x",
        '{{- "}}" -}}',
        "no template at all }}",
    ],
)
def test_it_is_taken(text: str) -> None:
    assert template_fault(text) == ""

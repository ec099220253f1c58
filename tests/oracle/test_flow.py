"""Data in the oracle's files: what one YAML parser, and then Traefik's, reads is what was meant."""

from __future__ import annotations

import pytest
import yaml

from edgegen.oracle.flow import flow, template_free


@pytest.mark.parametrize(
    "text", ["a \U0001f600 b", "\\ud83d\\ude00", "\\\U0001f600", "é\u2028\x7f\x85", "{{ x }}", '"']
)
def test_it_reads_back(text: str) -> None:
    written = template_free(flow({"a": [text]}))
    assert yaml.safe_load(written) == {"a": [text]}
    assert written.isascii()
    assert "{{" not in written
    assert "\\ud8" not in written.replace("\\\\", "")

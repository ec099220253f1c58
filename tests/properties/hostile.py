"""Strings that have broken tools before: YAML 1.1 words, Compose interpolation, shells, templates, terminals."""

from __future__ import annotations

import re

from hypothesis import strategies as st

CORPUS = (
    "", " ", "  two leading", "two trailing  ", "\ttab\t", "a\tb", "plain", "a b", "$", "$$", "$$$", "a$b", "$HOME",
    "${HOME}", "${HOME:-x}", "${HOME:?no}", "${", "$(id)", "$1", "`id`", "`", "``a``", "'", "''", '"', '""', "'\"'",
    "it's", 'say "no"', "\\", "\\\\", "\\n", "\\x41", "\\u0041", "a\\", ":", ": ", "a: b", "a:b", ":a", "- a", "-", "--",
    "---", "...", "#", "# c", "a # b", "a#b", "&a", "*a", "!a", "!!str a", "%a", "@a", "|", "|-", ">", ">-", "?", "? a",
    "[", "]", "[a]", "{", "}", "{a: b}", ",", "a,b", "<<", "<<: *a", "=", "a=b", "=a", "a=", "no", "No", "NO", "yes",
    "on", "off", "y", "n", "true", "True", "false", "null", "Null", "~", "0", "00", "007", "0755", "0o14", "0x1f", "0b1",
    "1e3", "1E3", "1.0", ".5", "5.", "1_000", "+1", "-1", "1,5", ".inf", "-.inf", ".nan", "NaN", "22:22", "1:2:3",
    "2024-01-02", "2024-01-02T03:04:05Z", "99999999999999999999", "{{ x }}", "{{", "}}", '{{ env "HOME" }}', "{% x %}",
    "{# x #}", "a\nb", "a\n", "\na", "a\n\nb\n", "a\r\nb", "\r", "a\rb", "\n", "a\n b\n  c", " a\n b", "# a\n# b",
    "key: value\nother: value", "\x01", "\x07", "\x1b[31mred\x1b[0m", "\x7f", "\x85", "a\x85b", "\xa0", "\xad", "é",
    "ß", "日本語", "עברית", "مرحبا", "\u202eevil", "\u200b", "\u2028", "a\u2028b", "\u2029", "\ufeff", "\ufeffa", "\ufffd",
    "\ue000", "\U0001f600", "\U0001f1e9\U0001f1ea", "e\u0301", "\U0010fffd", "/", "/a/../b", "..", "~root", "C:\\x",
    "%2e%2e", "a;b", "a&&b", "a|b", "a>b", "<a>", "*", "*.x", "a" * 200, "$" * 50, "x" * 120 + " " + "y" * 120, "Host(`x`)",
    "`) || PathPrefix(`/`", '") || PathPrefix("/', "traefik.enable=false", "\\$", "\\${X}", "$\n$", "''$''", "a ", " a",
)  # fmt: skip

CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
DANGEROUS = st.sampled_from("$$$${}`'\"\\:#&*!|>%@,[]- \n\t\r\x85\u2028\u202e=~<?;")

text = st.one_of(
    st.sampled_from(CORPUS),
    st.text(CHARACTERS, max_size=12),
    st.text(st.one_of(DANGEROUS, st.characters(codec="ascii", exclude_characters="\0")), max_size=16),
)
"""Any text that YAML, a variable and a file can hold: everything but NUL and halves of surrogates."""


def for_compose(value: str) -> str:
    """Text as somebody writes it into a key of Compose who means every dollar sign as one."""
    return value.replace("$", "$$")


def unbraced(value: str) -> str:
    """Text for a key that Compose does not read: there `${NAME}` is refused, and every other `$` is a dollar sign."""
    return re.sub(r"\$\{(?=[A-Za-z_])", "$ {", value)


line = text.map(lambda value: "".join(mark for mark in value if mark not in "\r\n\0"))
"""Text without line breaks of a header."""

words = line.filter(lambda value: bool(value.strip()))
"""One line that says something."""

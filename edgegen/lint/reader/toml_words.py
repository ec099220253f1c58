"""What Python's reader of TOML says about a file, in the words of its author.

Python's own words are for the writer of a parser: "Invalid value" is what it says of a text without quotes.
"""

from __future__ import annotations

from edgegen.core.pattern import late_pattern

_END = "(at end of document)"
_WORDS = (
    (r"Invalid value", "this is not a value: a text needs quotes"),
    (r"Illegal character '\\n'", "a text has no closing quote on its line"),
    (r"(Illegal|Found invalid) character .*", "a character that TOML does not allow here"),
    (r"Unterminated string|Expected (\"'+\"|'\"+')", "a text has no closing quote"),
    (r"Unescaped '\\+' in a string", "a backslash in double quotes: write it twice, or put the text in single quotes"),
    (r"Invalid hex value|Escaped character .*", "`\\u` must be followed by the four digits of a character"),
    (r"Invalid date or datetime", "there is no such date"),
    (r"Expected '=' .*", "a `=` is missing after a key"),
    (r"Invalid initial character .*", "the name of a key is expected here"),
    (r"Invalid statement", "this is neither a key nor a table nor a comment"),
    (r"Expected newline .*", "more follows on the line of a value, or the value is not finished"),
    (r"Expected '\]\]?' .*", "the name of a table is not closed, or has a character that needs quotes"),
    (r"Unclosed array", "a list has no `]`, or lacks a comma"),
    (r"Unclosed inline table", "a table in braces has no `}` on its line, or lacks a comma"),
    (r"Cannot overwrite a value|Duplicate inline table key .*", "the key is set twice"),
    (r"Cannot declare .* twice", "the table is written twice"),
    (r"Cannot (mutate immutable|redefine) namespace .*", "nothing can be added to a table that was written as a whole"),
)  # fmt: skip
_COMPILED = tuple((late_pattern(form), words) for form, words in _WORDS)


def in_words(said: str) -> str:
    """A message of `tomllib`, without its place."""
    ends = said.endswith(_END)
    text = said.removesuffix(_END).strip()
    if ends and text == "Invalid value":
        return "a value is missing at the end of the file"
    words = next((words for form, words in _COMPILED if form.fullmatch(text)), text)
    return f"{words}, and the file ends" if ends and words.startswith(("a list", "a table")) else words

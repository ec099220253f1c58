"""libyaml's errors as sentences for whoever wrote the file, and the place to look at."""

from __future__ import annotations

from typing import Any, NoReturn

from yaml.error import MarkedYAMLError, YAMLError

from edgegen.core.errors import Problem, SpecError
from edgegen.core.pattern import late_pattern
from edgegen.spec.positions import Text, first_keys

_PAIR = late_pattern(r"(?:- )?([A-Za-z_][\w.-]{0,59})(:\xa0|\uff1a|[ \t]*=|:(?=[^\s:/]))")
_TWO_WORDS = late_pattern(r"(?:- )?(\w{1,60})[ \t]+[^\s:]+")

_UNBROKEN = late_pattern(r"(?m)^ *\xa0")


class Faults:
    """What is wrong with a text, up to a number."""

    def __init__(self, text: Text, most: int) -> None:
        self._text = text
        self._most = most
        self._found: list[tuple[int, str]] = []
        self._repeated: dict[int, str] = {}

    def add(self, message: str, index: int) -> None:
        """One that leaves the rest readable. Raises SpecError where there are too many."""
        self._found.append((index, message))
        self._stop_at_many()

    def repeated(self, key: str, index: int) -> None:
        """A key for the second time. Raises SpecError where there are too many faults."""
        self._repeated[index] = key
        self._stop_at_many()

    def fatal(self, message: str, index: int) -> NoReturn:
        """The last one: what comes after it can't be read."""
        self._found.append((index, message))
        self._raise()

    def unreadable(self, error: YAMLError) -> NoReturn:
        """What libyaml refuses without a place."""
        found = self._text.unprintable()
        if found is None:
            self.fatal(str(error).partition("\n")[0], 0)
        index, code = found
        self.fatal(f"the character U+{code:04X} isn't allowed in YAML: write it as an escape in double quotes", index)

    def refuse(self) -> None:
        """Raise SpecError with all of them, if there is any."""
        if self._found or self._repeated:
            self._raise()

    def _stop_at_many(self) -> None:
        if len(self._found) + len(self._repeated) >= self._most:
            self._raise()

    def _raise(self) -> NoReturn:
        first = first_keys(self._text.data, self._repeated) if self._repeated else {}
        for index, key in self._repeated.items():
            place = f" (first at {self._text.location(first[index])})" if index in first else ""
            message = f"the key `{key[:60]}` is here a second time{place}: remove one of the two"
            self._found.append((index, message))
        raise SpecError([Problem(text, self._text.location(index)) for index, text in sorted(self._found)])


def explained(error: MarkedYAMLError, text: Text, too_deep: str) -> tuple[str, int]:
    """A sentence, and the index of the character that it is about."""
    index = _index(error.problem_mark, _index(error.context_mark, 0))
    problem = error.problem or "this is not YAML"
    if indented := _indentation(error, problem, text, index):
        return indented
    if "maximum nesting depth" in problem:
        return too_deep, index
    if pair := _broken_pair(error, problem, text, index):
        return pair
    if "while scanning an alias" in (error.context or ""):
        return "a `*` at the start of a value is an alias in YAML: put the value in quotes", _index(
            error.context_mark, index
        )
    for sign, sentence in _SENTENCES.items():
        if sign in problem:
            return sentence, _index(error.context_mark, index) if sentence.startswith(_OPENED) else index
    return " ".join(part for part in (error.context, problem) if part), index


def _indentation(error: MarkedYAMLError, problem: str, text: Text, index: int) -> tuple[str, int] | None:
    if "tab character" in problem or text.character(index) == "\t":
        return "a tab can't be used for indentation: use spaces", index
    unbroken = _no_break_space(text, _index(error.context_mark, index), index)
    if unbroken is None:
        return None
    return "a no-break space (U+00A0) can't be used for indentation: use spaces", unbroken


def _no_break_space(text: Text, since: int, index: int) -> int | None:
    """One that begins a line: it looks like a space, mostly comes from a web page, and is a letter to YAML."""
    if "\xa0" not in text.characters:
        return None
    lines = text.characters[: index + 1].rfind("\n", 0, since) + 1
    end = text.characters.find("\n", index)
    found = _UNBROKEN.search(text.characters, lines, len(text.characters) if end < 0 else end)
    return found.end() - 1 if found else None


def _broken_pair(error: MarkedYAMLError, problem: str, text: Text, index: int) -> tuple[str, int] | None:
    if "mapping values are not allowed" in problem:
        return _without_colon(text, index)
    if "could not find expected ':'" in problem:
        return _of_a_key(text, _index(error.context_mark, index))
    return None


def _without_colon(text: Text, index: int) -> tuple[str, int] | None:
    """The line above, if that is a key without its colon: YAML reads it and the first `: ` below it as one text."""
    before = text.characters[:index]
    start = before.rfind("\n") + 1
    here, above = before[start:], before[:start].rstrip()
    line = above[above.rfind("\n") + 1 :]
    if ": " in here or _indent(line) != _indent(here):
        return None
    return _as_a_pair(line, len(above) - len(line))


def _of_a_key(text: Text, start: int) -> tuple[str, int] | None:
    """The line of a key whose colon libyaml did not find."""
    return _as_a_pair(text.characters[text.line_start(start) :].partition("\n")[0], text.line_start(start))


def _as_a_pair(line: str, start: int) -> tuple[str, int] | None:
    said = _said_of_pair(line)
    return (said, start + _indent(line)) if said else None


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _index(mark: Any, otherwise: int) -> int:
    return otherwise if mark is None else int(mark.index)


# For these the place to go to is where it was opened.
_OPENED = ("a quote", "a `,`")
_SENTENCES = {
    "mapping values are not allowed": "a second `: ` in one line: put the value in quotes, or fix the indentation",
    "could not find expected ':'": "a `:` is missing after the key, or the indentation is wrong",
    "did not find expected key": "the indentation does not fit the lines above, or a quote or bracket is not closed",
    "expected <block end>": "the indentation does not fit the lines above, or a quote or bracket is not closed",
    "expected node content": "a value is missing here, or a bracket is not closed",
    "expected the node content": "a value is missing here, or a bracket is not closed",
    "found unexpected end of stream": "a quote is not closed before the end of the file",
    "expected ',' or ']'": "a `,` is missing, or this list is not closed with `]`",
    "expected ',' or '}'": "a `,` is missing, or this mapping is not closed with `}`",
    "did not find expected '-' indicator": "this line does not belong to the list above: fix its indentation",
    "unknown escape character": "a `\\` in double quotes begins an escape: write `\\\\`, or use single quotes",
    "invalid Unicode character escape": "this escape isn't a character: write the character itself",
    "that cannot start any token": "this character can't start a value: put the value in quotes",
}


def _said_of_pair(line: str) -> str | None:
    """What is wrong with a line that was meant as `key: value`, without its value, which may be secret; None for
    another line."""
    text = line.strip()
    if pair := _PAIR.match(text):
        name, sign = pair.groups()
        if "\xa0" in sign:
            return f"a no-break space (U+00A0) follows `{name}:`, and YAML takes it for a letter: write a space"
        if sign == "\uff1a":
            return f"the colon after `{name}` is U+FF1A, a letter to YAML: write `{name}: VALUE`"
        return f"a space is missing after `{name}:`" if sign == ":" else f"write `{name}: VALUE` and not `{name}=`"
    words = _TWO_WORDS.fullmatch(text)
    return f"a `:` is missing after `{words[1]}`" if words else None

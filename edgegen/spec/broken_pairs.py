"""A line that was meant as `key: value` and is not: what is wrong with it, without its value, which may be secret."""

from __future__ import annotations

from edgegen.core.pattern import late_pattern

_PAIR = late_pattern(r"(?:- )?([A-Za-z_][\w.-]{0,59})(:\xa0|\uff1a|[ \t]*=|:(?=[^\s:/]))")
_TWO_WORDS = late_pattern(r"(?:- )?(\w{1,60})[ \t]+[^\s:]+")


def broken_pair(line: str) -> str | None:
    """A sentence about a line of the file; None for one that is not like a pair."""
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

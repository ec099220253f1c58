"""Names that look like others: letters of several scripts in one label, or a label of letters that Latin has too.

Browsers show such names as `xn--…`, because they serve phishing. Most are slips: a `с` from another keyboard layout.
"""

from __future__ import annotations

import unicodedata

from edgegen.core.show import shown

_ALIKE = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC")
"""Scripts with letters in common. Latin next to Japanese, Chinese or Korean is usual, and harmless."""
_CYRILLIC = dict(zip("асԁеһіјӏорԛѕуѵԝх", "acdehijlopqsyvwx", strict=True))
_GREEK = dict(zip("αικνορυ", "aiknopu", strict=True))
_LATIN = _CYRILLIC | _GREEK
"""Letters that a reader takes for Latin ones."""


def lookalike(host: str) -> str:
    """What is deceptive about a host, as the end of a sentence that begins with its name; empty for most."""
    if host.isascii() and "xn--" not in host.lower():
        return ""
    *labels, last = (_readable(label) for label in host.lower().removesuffix(".").split("."))
    reasons = [_mixture(label) for label in (*labels, last)]
    if last.isascii():  # below .рф a name of Cyrillic letters is what everyone expects
        reasons += map(_imitation, labels)
    return next(filter(None, reasons), "")


def _readable(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except UnicodeError:
        return ""


def _mixture(label: str) -> str:
    """Letters of two scripts that have some in common. The rarer script has the odd letter."""
    letters: dict[str, list[str]] = {}
    for char in label:
        letters.setdefault(_script(char), []).append(char)
    scripts = sorted((one for one in letters if one in _ALIKE), key=lambda one: len(letters[one]))
    if len(scripts) < 2:
        return ""
    odd, most = scripts[0], scripts[-1]
    return f"has the {odd.title()} letter `{letters[odd][0]}` among {most.title()} ones in `{shown(label)}`"


def _imitation(label: str) -> str:
    """A label that reads as another one of Latin letters."""
    latin = "".join(_LATIN.get(char, char) for char in label)
    if label.isascii() or not latin.isascii():
        return ""
    script = next(_script(char) for char in label if not char.isascii())
    return f"is `{latin}` in look-alike {script.title()} letters"


def _script(char: str) -> str:
    return unicodedata.name(char, "").partition(" ")[0] if char.isalpha() else ""

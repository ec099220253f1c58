"""The arguments of `traefik` out of a service's entrypoint and command."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from edgegen.lint.model import Service, Value

_SHELLS = frozenset({"sh", "bash", "ash", "dash", "env", "tini", "dumb-init", "su-exec", "gosu", "exec"})
_SCRIPT = "entrypoint.sh"
_PROGRAM = "traefik"


def arguments(service: Service) -> tuple[list[Value], bool]:
    """What comes after `traefik`, and whether something else than Traefik itself runs, so that nobody can tell.

    The image's own entrypoint takes flags, `traefik` with flags, and programs.
    """
    words = list(service.command)
    if service.entrypoint:
        words = [*service.entrypoint, *words]
        if _base(words[0]) == _SCRIPT:
            words = words[1:]
        elif _base(words[0]) != _PROGRAM:
            return [], True
    if words and _base(words[0]) == _PROGRAM:
        words = words[1:]
    if words and (_base(words[0]) in _SHELLS or _is_script(words)):
        return [], True
    return words, False


def _is_script(words: Sequence[Value]) -> bool:
    return words[0].text.startswith("/") and not words[0].text.startswith("/-")


def _base(word: Value) -> str:
    return posixpath.basename(word.text)

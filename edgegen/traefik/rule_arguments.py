"""What both syntaxes of rules demand of a matcher and its arguments. Each raises ValueError with a sentence."""

from __future__ import annotations

from collections.abc import Iterable

from edgegen.core.lookalike import lookalike
from edgegen.core.show import shown
from edgegen.core.suggest import suggest
from edgegen.traefik.go_network import is_network


def matcher(word: str, known: Iterable[str], reader: str) -> str:
    """The matcher as Traefik's reference spells it."""
    spelled = {form: name for name in known for form in (name, name.lower(), name.upper(), name.capitalize())}
    if word in spelled:
        return spelled[word]
    near = suggest(word, known)
    hint = f"; did you mean `{near}`?" if near else ""
    raise ValueError(f"{reader} doesn't know the matcher `{shown(word)}`{hint}")


def path(text: str) -> None:
    """It starts at the root."""
    if not text.startswith("/"):
        raise ValueError(f"the path `{shown(text)}` must start with `/`")


def address(text: str) -> None:
    """An address or a range."""
    if not is_network(text):
        raise ValueError(f"`{shown(text)}` is neither an address nor a range of them")


def host(text: str) -> None:
    """ASCII only."""
    if not text.isascii():
        if why := lookalike(text):
            raise ValueError(f"the host `{shown(text)}` {why}")
        raise ValueError(f"the host `{shown(text)}` must be written in its ASCII form (`xn--…`)")


def protocol(text: str) -> None:
    """Any but Traefik's own."""
    if text == "acme-tls/1":
        raise ValueError("`acme-tls/1` is Traefik's own")

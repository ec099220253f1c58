"""Rules of routers as trees: read as Traefik 3 reads them, which is as Go reads an expression.

Source: Traefik's reference, "Rules & Priority"; traefik 3.7, pkg/rules/parser.go and pkg/muxer.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from edgegen.core.show import shown
from edgegen.core.suggest import suggest
from edgegen.traefik.middlewares.regex import check_regex

Section = Literal["http", "tcp"]
_TOKEN = re.compile(r"""\s*(?:(?P<word>[A-Za-z]+)|(?P<text>`[^`]*`|"(?:[^"\\\n]|\\.)*")|(?P<mark>&&|\|\||[!(),]))""")
_ESCAPE = re.compile(r"""\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|x([0-9a-fA-F]{2})|([abfnrtv\\"]))""")
_LETTERS = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\", '"': '"'}
_LONGEST = 10_000
_SNI = re.compile(r"[\w.:-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Match:
    """One matcher with its arguments."""

    name: str
    args: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Requests that the item does not match."""

    item: Rule


@dataclass(frozen=True, slots=True)
class Every:
    """Requests that all items match."""

    items: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """Requests that at least one item matches."""

    items: tuple[Rule, ...]


Rule = Match | Not | Every | Some


def parse_rule(text: str, section: Section = "http") -> Rule:
    """The tree of a rule. Raises ValueError for one that Traefik disables the router for."""
    if len(text) > _LONGEST:
        raise ValueError(f"a rule has at most {_LONGEST:,} characters here")
    try:
        return _Reading(_tokens(text), section).all_of_it()
    except RecursionError:
        raise ValueError("the rule nests too deep") from None


def _tokens(text: str) -> list[str]:
    found: list[str] = []
    at, end = 0, len(text.rstrip())
    while at < end:
        token = _TOKEN.match(text, at)
        if not token:
            raise ValueError(
                f"Traefik can't read the rule from `{shown(text[at : at + 20])}` on: arguments must stand in back-ticks"
            )
        if found and found[-1][-1] not in "(,!|&" and "\n" in token[0][: token.start(token.lastgroup or 0) - at]:
            raise ValueError("a line of a rule ends with `&&`, `||`, `(` or `,`: else Traefik takes the rule as ended")
        found.append(token[0].strip() if not token["text"] else token["text"])
        at = token.end()
    return found


def _text(token: str) -> str:
    if token[0] == "`":
        return token[1:-1].replace("\r", "")
    if "\\" in _ESCAPE.sub("", token):
        raise ValueError(f"the text {shown(token)} has an escape that Go does not know")
    return _ESCAPE.sub(lambda found: _LETTERS.get(found[4]) or chr(int(found[1] or found[2] or found[3], 16)), token)[
        1:-1
    ]


@dataclass
class _Reading:
    """A recursive descent. `||` binds weaker than `&&`, and `!` strongest."""

    tokens: list[str]
    section: Section

    def all_of_it(self) -> Rule:
        if not self.tokens:
            raise ValueError("the rule is empty")
        rule = self._some()
        if self.tokens:
            raise ValueError(f"`{shown(self.tokens[0])}` follows where the rule should end: join with `&&` or `||`")
        return rule

    def _some(self) -> Rule:
        items = [self._every()]
        while self._take("||"):
            items.append(self._every())
        return items[0] if len(items) == 1 else Some(tuple(items))

    def _every(self) -> Rule:
        items = [self._one()]
        while self._take("&&"):
            items.append(self._one())
        return items[0] if len(items) == 1 else Every(tuple(items))

    def _one(self) -> Rule:
        if self._take("!"):
            return Not(self._one())
        if self._take("("):
            rule = self._some()
            self._need(")")
            return rule
        return self._match()

    def _match(self) -> Match:
        name = self._known(self._next())
        self._need("(")
        args: list[str] = []
        while not self._take(")"):
            if args:
                self._need(",")
                if self._take(")"):
                    break
            token = self._next()
            if token[0] not in '`"':
                raise ValueError(f"the argument `{shown(token)}` of {name} must stand in back-ticks")
            args.append(_text(token))
        least, most = _ARGUMENTS[self.section][name]
        if not least <= len(args) <= most:
            counts = str(least) if least == most else f"{least} or {most}"
            raise ValueError(f"{name} takes {counts} argument{'s' * (counts != '1')}, not {len(args)}: join with `||`")
        if check := _CHECKS.get(name):
            check(args[-1])
        return Match(name, tuple(args))

    def _known(self, word: str) -> str:
        known = _ARGUMENTS[self.section]
        spelled = {form: name for name in known for form in (name, name.lower(), name.upper(), name.capitalize())}
        if word in spelled:
            return spelled[word]
        near = suggest(word, known)
        raise ValueError(f"Traefik 3 knows no matcher `{shown(word)}`" + (f"; did you mean `{near}`?" if near else ""))

    def _next(self) -> str:
        if not self.tokens:
            raise ValueError("the rule ends too early")
        return self.tokens.pop(0)

    def _take(self, mark: str) -> bool:
        if self.tokens and self.tokens[0] == mark:
            self.tokens.pop(0)
            return True
        return False

    def _need(self, mark: str) -> None:
        if not self._take(mark):
            raise ValueError(f"`{mark}` is missing" + (f" before `{shown(self.tokens[0])}`" if self.tokens else ""))


def _path(text: str) -> None:
    if not text.startswith("/"):
        raise ValueError(f"the path `{shown(text)}` must start with `/`")


def _address(text: str) -> None:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise ValueError(f"`{shown(text)}` is neither an address nor a range of them") from None


def _something(text: str) -> None:
    if not text:
        raise ValueError("an argument is empty")


def _host(text: str) -> None:
    _something(text)
    if not text.isascii():
        raise ValueError(f"the host `{shown(text)}` must be written in its ASCII form (`xn--…`)")


def _protocol(text: str) -> None:
    if text == "acme-tls/1":
        raise ValueError("`acme-tls/1` is Traefik's own")


def _sni(text: str) -> None:
    if text != "*" and not _SNI.fullmatch(text.removeprefix("*.")):
        raise ValueError(f"`{shown(text)}` is not a host for HostSNI")


_ARGUMENTS: Mapping[Section, Mapping[str, tuple[int, int]]] = {
    "http": {
        "ClientIP": (1, 1), "Header": (2, 2), "HeaderRegexp": (2, 2), "Host": (1, 1), "HostRegexp": (1, 1),
        "Method": (1, 1), "Path": (1, 1), "PathPrefix": (1, 1), "PathRegexp": (1, 1), "Query": (1, 2),
        "QueryRegexp": (1, 2),
    },
    "tcp": {"ALPN": (1, 1), "ClientIP": (1, 1), "HostSNI": (1, 1), "HostSNIRegexp": (1, 1)},
}  # fmt: skip
_CHECKS: Mapping[str, Callable[[str], object]] = {
    "Path": _path, "PathPrefix": _path, "ClientIP": _address, "Host": _host, "HostSNI": _sni,
    "Method": _something, "ALPN": _protocol,
    "HostRegexp": check_regex, "HostSNIRegexp": check_regex, "PathRegexp": check_regex,
    "HeaderRegexp": check_regex, "QueryRegexp": check_regex,
}  # fmt: skip

"""Specs with thousands of everything: the work grows with the file, and the problems that are shown do not."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from itertools import chain, count

import pytest

from edgegen.core.errors import SHOWN, SpecError
from edgegen.desired.build import build
from edgegen.project.checked import checked
from edgegen.render.files import Origin, render
from edgegen.spec.load import load_text
from tests.sizes import sized

pytestmark = pytest.mark.slow

SMALL, LARGE = sized(1 << 13, 1 << 14), sized(1 << 16, 1 << 17)
"""Bytes: eight times as much may take eight times as long; what is quadratic takes 64 times."""
FACTOR = 2.5
"""How much longer than linear is forgiven: caches, and a machine that does something else."""
SLACK = 0.4
"""Seconds of this process, for what is too short to be measured."""

HEAD = "name: shop\nacme: {email: a@example.net}\n"
DOMAIN = "domains: {example.com: {}}\n"
WEB = "services:\n  web:\n    kind: container\n    image: 'a:1'\n"
PUBLIC = f"{DOMAIN}{WEB}    port: 80\n    host: a.example.com\n"
HOSTED = "kind: container, image: 'a:1', port: 80"

Lines = Iterator[str]


def each(line: str) -> Callable[[], Lines]:
    """The line for 0, 1, 2 …: `#` is the number, `@` the next one, `%` a hundred of them."""
    return lambda: (
        line.replace("#", str(n)).replace("@", str(n + 1)).replace("%", ",".join(f"m{n % 7}" for _ in range(5)))
        for n in count()
    )


def after(first: str, line: str) -> Callable[[], Lines]:
    """`first`, and then the line for 1, 2 …, where `#` is the number and `@` the one before."""
    return lambda: chain([first], (line.replace("#", str(n)).replace("@", str(n - 1)) for n in count(1)))


LONG = "service-#-" + "x" * 20
# Title: what stands before, each line, and what stands at the end.
WRONG: dict[str, tuple[str, Callable[[], Lines], str]] = {
    "unknown keys at the top": ("services: {}\n", each("unknown#: 1\n"), ""),
    "unknown keys of a service": (WEB, each("    unknown#: 1\n"), ""),
    "unknown keys that are long": ("services: {}\n", each("domains" * 8 + "#: 1\n"), ""),
    "services with a misspelt key": ("services:\n", each("  s#: {kind: container, imag: a}\n"), ""),
    "services of an unknown kind": ("services:\n", each("  s#: {kind: contaner}\n"), ""),
    "services without anything": ("services:\n", each("  s#:\n"), ""),
    "services of wrong types": ("services:\n", each("  s#: {kind: container, image: [], port: x, command: 3}\n"), ""),
    "wrong items of a list": (f"{WEB}    volumes:\n", each("      - 1\n"), ""),
    "wrong values of variables": (f"{WEB}    environment:\n", each("      E#: []\n"), ""),
    "wrong names": ("services: {}\nsecrets:\n", each("  A#: {generate: 3}\n"), ""),
    "wrong domains": ("services: {}\ndomains:\n", each("  d#: {}\n"), ""),
    "wrong aliases": (f"{PUBLIC}    aliases: [", each("a_#, "), "]\n"),
    "middlewares of an unknown kind": ("services: {}\nmiddlewares:\n", each("  m#: {kind: hedders}\n"), ""),
    "middlewares with an unknown option": ("services: {}\nmiddlewares:\n", each("  m#: {kind: compress, a: 1}\n"), ""),
    "middlewares in place": (f"{PUBLIC}    middlewares:\n", each("    - {kind: compress}\n"), ""),
    "middlewares in place of an unknown kind": (f"{PUBLIC}    middlewares:\n", each("    - {kind: compres}\n"), ""),
    "chains in one circle": ("services: {}\nmiddlewares:\n", each("  m#: {kind: chain, middlewares: [m@]}\n"),
                             "  m0: {kind: chain, middlewares: [m1]}\n"),
    "chains that hold themselves": ("services: {}\nmiddlewares:\n", each("  m#: {kind: chain, middlewares: [m#]}\n"),
                                    ""),
    "secrets that are missing": (f"secrets: {{a: {{generate: 32}}}}\n{WEB}    environment:\n",
                                 each("      E#: {secret: s#}\n"), ""),
    "networks that are missing": (f"{WEB}    networks: [", each("n#, "), "]\n"),
    "services that are missing": ("services:\n", each(f"  {LONG}: {{kind: container, image: 'a:1', "
                                                      f"depends_on: [{LONG}y]}}\n"), ""),
    "services that wait for themselves": ("services:\n",
                                          each("  s#: {kind: container, image: 'a:1', depends_on: [s0]}\n"), ""),
    "one host for all": (f"{DOMAIN}services:\n", each(f"  s#: {{{HOSTED}, host: h.example.com}}\n"), ""),
    "one alias again and again": (f"{PUBLIC}    aliases: [", each("b.example.com, "), "]\n"),
    "environments that are none": ("services: {}\nenvironments:\n", each("  e#: 1\n"), ""),
    "odd parts of extra": ("services: {}\nextra:\n  services:\n", each("    n#: 1\n"), ""),
    "keys twice": ("services:\n", each("  s: {kind: container, image: 'a:1'}\n"), ""),
}  # fmt: skip
RIGHT: dict[str, tuple[str, Callable[[], Lines], str]] = {
    "services": ("services:\n", each("  s#: {kind: container, image: 'a:1'}\n"), ""),
    "hosts": (f"{DOMAIN}services:\n", each(f"  s#: {{{HOSTED}, host: h#.example.com}}\n"), ""),
    "aliases": (f"{PUBLIC}    aliases: [", each("b#.example.com, "), "]\n"),
    "redirects": (f"{DOMAIN}services:\n",
                  each("  s#: {kind: redirect, host: h#.example.com, to: 'https://x.example.net'}\n"), ""),
    "domains, each with certificate records": ("services: {}\ndomains:\n", each("  d#.com: {caa: true}\n"), ""),
    "services that wait in a row": ("services:\n", after("  s0: {kind: container, image: 'a:1'}\n",
                                    "  s#: {kind: container, image: 'a:1', depends_on: [s@]}\n"), ""),
    "chains in a row": ("services: {}\nmiddlewares:\n", after("  m0: {kind: compress}\n",
                        "  m#: {kind: chain, middlewares: [m@]}\n"), ""),
    "chains of many": ("services: {}\nmiddlewares:\n" + "".join(f"  m{n}: {{kind: compress}}\n" for n in range(7)),
                       each("  c#: {kind: chain, middlewares: [%]}\n"), ""),
    "binds": (f"{WEB}    volumes: [", each("'./a#:/b#', "), "]\n"),
}  # fmt: skip


def spec_of(shape: tuple[str, Callable[[], Lines], str], size: int) -> bytes:
    """The shape, filled up to a size."""
    before, lines, behind = shape
    parts, left = [HEAD, before], size - len(HEAD + before + behind)
    for line in lines():
        left -= len(line)
        if left < 0:
            return "".join([*parts, behind]).encode()
        parts.append(line)
    raise AssertionError("a shape has lines without end")


def judge(text: bytes) -> tuple[float, SpecError | None]:
    """Seconds of this process that loading, checking and rendering took, and what was wrong."""
    start = time.process_time()
    found = None
    try:
        loaded = load_text(text)
        warnings = checked(loaded)
        assert len(warnings) <= SHOWN + 1
        render(build(loaded.spec), Origin(loaded.digest, "0"))
    except SpecError as error:
        found = error
    return time.process_time() - start, found


@pytest.mark.parametrize("title", [*WRONG, *RIGHT])
def test_eight_times_the_spec_is_eight_times_the_work(title: str) -> None:
    shape = (WRONG | RIGHT)[title]
    judge(spec_of(shape, 1 << 12))  # models are built once
    small, _ = judge(spec_of(shape, SMALL))
    large, error = judge(spec_of(shape, LARGE))
    assert large <= FACTOR * (LARGE / SMALL) * small + SLACK
    assert (error is not None) == (title in WRONG)
    if error:
        assert 1 <= len(error.problems) <= SHOWN + 1
        assert len(str(error)) < 30_000


def test_the_first_mistakes_are_shown_and_the_others_counted() -> None:
    seconds, error = judge(spec_of(WRONG["unknown keys at the top"], 1 << 20))
    assert seconds < 10  # of minutes
    assert error is not None
    said = [str(problem) for problem in error.problems]
    assert said[0] == "edge.yaml:4:1 unknown0: unknown key `unknown0`"
    assert said[SHOWN - 1].startswith(f"edge.yaml:{4 + SHOWN - 1}:1 ")
    keys = spec_of(WRONG["unknown keys at the top"], 1 << 20).count(b"unknown")
    assert said[-1] == f"… and {keys - SHOWN:,} more: fix these first"


@pytest.mark.parametrize(("mistakes", "shown"), [(SHOWN - 1, SHOWN - 1), (SHOWN, SHOWN), (SHOWN + 1, SHOWN + 1)])
def test_at_the_limit(mistakes: int, shown: int) -> None:
    text = HEAD + "services: {}\n" + "".join(f"unknown{n}: 1\n" for n in range(mistakes))
    with pytest.raises(SpecError) as caught:
        load_text(text.encode())
    said = [str(problem) for problem in caught.value.problems]
    assert len(said) == shown
    assert said[-1] == ("… and 1 more: fix these first" if mistakes > SHOWN else said[-1])
    assert sum("unknown key" in line for line in said) == min(mistakes, SHOWN)

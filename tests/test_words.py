"""The project's English: what users and readers see is free of the turns below, each with a sentence that proves it."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LEAVES = (ast.Name, ast.expr_context, ast.operator, ast.cmpop, ast.alias)
"""Most of a tree: no string is in them."""


@dataclass(frozen=True)
class Turn:
    """A word or turn of phrase (`pattern` ignores case; a space in it is any white space) and what to write."""

    pattern: str
    instead: str
    example: str


TURNS = (
    Turn(r"\bmend(s|ed|ing)?\b", "fix, repair", "how to mend it"),
    Turn(r"(?<!left )(?<!leave it )(?<!leave them )\balone\b", "only X", "look at acme.json alone"),
    Turn(
        r"\b(is|are|was|were) no (?!longer\b|more than\b|such\b|better\b|worse\b|later\b|good\b)(?<!there is no )"
        r"(?<!there are no )(?<!there was no )(?<!there were no )\w",
        "is not a X",
        "this is no plain file",
    ),
    Turn(r"\b(can't|cannot|could not|couldn't|can|could) be told\b", "could not be checked", "3 could not be told"),
    Turn(r"\bnot looked at\b", "skipped, not checked", "not looked at: 10 other matters"),
    Turn(r"\ball in all\b", "in total", "60 seconds, all in all"),
    Turn(r"\bwhom\b", "who, or turn the sentence round", "whom you want"),
    Turn(r"\bas (it|they) should( be)?\b", "correct, wrong", "say what is not as it should be"),
    Turn(r"\bshall\b", "must, or the present tense", "text that Compose shall interpolate"),
    Turn(r"\bbears?\b|\bborne\b", "has, carries", "a record that bears the mark"),
    Turn(r"\bto be had\b", "available", "no address is to be had"),
    Turn(r"\bof (its|their|your) own accord\b", "by itself", "it stops of its own accord"),
    Turn(
        r"\bof (its|their|his|your|my) own(?=\W*$|[.,;:)`]| (and|or|with|that|in|on|at|for|to|is|by|from|as|than)\b)",
        "its own X, separate",
        "a network of its own",
    ),
    Turn(r"\b(some|any)body else('s)?\b", "another X's, someone else's", "somebody else's record"),
    Turn(
        r"\b(there|where|here)(of|by|upon|in|from|to|fore|with|after)\b(?<!therefore)",
        "of it, by it",
        "the name thereof",
    ),
    Turn(
        r"\b(hence|whence|thence|lest|whilst|upon|naught|nought|unto|amid|hither|ere|till|anew|afresh|thrice)\b",
        "so, from where, while, on, until, again",
        "made anew",
    ),
    Turn(r"\byonder\b(?! yam)", "there", "the server yonder"),
    Turn(r"(?<!\A)\bill\b", "bad, wrong", "it fares ill"),  # `ill` itself is a verdict in `status --json`
    Turn(r"\b(let|lets|letting) (\S+ )?pass\b(?!\w)", "accepts, allows", "the proxy lets it pass"),
    Turn(r"\bbeside\b", "next to, besides, as well as", "everything beside it"),
    Turn(r"\b(stands|stood)\b", "is", "what stands in the file"),
    Turn(r"\b(can|can't|could|may|must|to) stand\b", "be", "they can't stand together"),
    Turn(r"\bstrangers?\b", "a third party, another host", "a stranger's host"),
    Turn(r"\b(walks?|goes|go|went) the way\b", "traces, follows", "walk the way of one URL"),
    Turn(r"\bfor (\S+ )?\S+ sake\b", "for X, because of X", "skipped for another's sake"),
    Turn(r"\b(has|have|had|nothing) to say\b", "what X reports", "what rendering has to say"),
    Turn(r"\bknown of\b|\bknows of\b", "known about, knows", "nothing is known of it"),
    Turn(
        r"\b(knows?|says?|makes?|takes?|writes?|finds?|asks?|wants?) no\b(?! (more|long|diff|sense))",
        "does not know any, doesn't give a",
        "an image that knows no option",
    ),
    Turn(r"\btold apart\b", "distinguished", "the two can be told apart"),
    Turn(r"\b(is|are|was|were) told\b", "is reported, gets a message", "the user is told"),
    Turn(r"\bcomes? of\b|\bcame of\b", "result, became", "what came of it"),
    Turn(r"\bonce more\b", "again", "ask once more"),
    Turn(
        r"\b(nothing|nowhere|none|all|nobody) but\b(?! (also|not|is)\b)", "only, except", "stored nowhere but as hashes"
    ),
    Turn(r"\bwithout end\b", "endlessly", "a server that sends without end"),
    Turn(r"\bfor want of\b", "without, for lack of", "for want of an address"),
    Turn(r"\bin vain\b", "without success", "asked in vain"),
    Turn(r"\b(takes?|taken|took|taking) (it |them )?away\b", "removes", "the route is taken away"),
    Turn(r"\bas yet\b", "yet, so far", "nothing is stored as yet"),
    Turn(r"\bthe outside (world )?fail(s|ed)\b", "an external failure", "the outside failed"),
    Turn(r"\bso much, like\b", "e.g.", "push so much, like 110MB"),
    Turn(
        r"\bbelieve (a|the) (zone|listing)\b|\bempty and was not\b",
        "accept",
        "believe a zone that is empty and was not",
    ),
    Turn(r"\buntil all say so\b", "until every server agrees", "ask until all say so"),
    Turn(
        r"\b(word|words|name|sign) alone\b|\bby a person's word\b",
        "only with, explicitly",
        "deleted by a person's word",
    ),
    Turn(
        r"\b(is|are|was|were) (not )?to be (?!a\b|an\b|the\b)\w+(ed|en|de|ne|ad|pt|nd)\b",
        "must be, has to be",
        "what is to be written",
    ),
    Turn(r"\bdo(es)? without\b", "doesn't need", "it does without a network"),
    Turn(r"\bnothing is (bad|good)\b", "no problems", "nothing is bad, but"),
    Turn(r"\bsuffices?\b", "is enough", "one request suffices"),
    Turn(r"\bought\b", "should", "as it ought"),
    Turn(r"\bdeem(s|ed)?\b", "considers", "it is deemed public"),
    Turn(r"\bby its(elf)? own word\b|\bat its word\b", "by its own account", "taken at its word"),
    Turn(r"\bsays? what is not\b", "report what is wrong", "and say what is not right"),
    Turn(r"\bno other than\b|\bnone other\b", "the same as", "it is none other"),
    Turn(r"\bsave for\b|\bbut for\b", "except for", "but for the header"),
    Turn(r"\blikewise\b|\bnowise\b|\botherwise than\b", "also, in the same way", "the key likewise"),
)


def test_every_turn_finds_its_own_sentence() -> None:
    assert [turn.example for turn in TURNS if not finds(turn, turn.example)] == []


@pytest.mark.parametrize(
    "text", ["there is no file", "it is no longer rendered", "leave them alone", "left alone", "the understanding"]
)
def test_plain_english_is_accepted(text: str) -> None:
    assert [turn.pattern for turn in TURNS if finds(turn, text)] == []


def test_a_planted_docstring_message_and_comment_are_found(tmp_path: Path) -> None:
    planted = tmp_path / "planted.py"
    planted.write_text(
        '"""How to mend it."""\n\nmend = 1\nprint(f"{mend} could not\\n be told")\n# a network of its own\n',
        encoding="utf-8",
    )
    assert [(line, turn.instead) for line, turn, _ in complaints(planted)] == [
        (1, "fix, repair"), (4, "could not be checked"), (5, "its own X, separate"),
    ]  # fmt: skip


@pytest.mark.slow
def test_what_people_read_is_plain_english() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: `{text}`: write: {turn.instead}"
        for path in readable()
        for line, turn, text in complaints(path)
    ]
    assert found == [], "\n" + "\n".join(found)


def readable() -> list[Path]:
    documents = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")]
    templates = sorted((ROOT / "templates").rglob("*.j2"))  # the schema is made from docstrings
    return [
        *documents,
        *templates,
        *sorted((ROOT / "examples").glob("*/edge.yaml")),
        *sorted((ROOT / "docs").rglob("*.md")),
        *sorted((ROOT / "docs/tools").rglob("*.py")),
        *sorted((ROOT / "edgegen").rglob("*.py")),
    ]


def complaints(path: Path) -> list[tuple[int, Turn, str]]:
    text = path.read_text(encoding="utf-8")
    passages = prose(text) if path.suffix == ".py" else [(1, text)]
    found = [
        (line + passage.count("\n", 0, match.start()), turn, " ".join(match.group().split()))
        for line, passage in passages
        if any_turn().search(passage)
        for turn in TURNS
        for match in compiled(turn).finditer(passage)
    ]
    return sorted(found, key=lambda each: each[0])


def prose(source: str) -> Iterator[tuple[int, str]]:
    """Every string literal, docstring and comment with its line; names of the code are not prose."""
    yield from strings(ast.parse(source))
    # To tell comments from strings with such a character takes long, and hardly a line needs it.
    if any(any_turn().search(rest) for rest in re.findall("#.*", source)):
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.COMMENT:
                yield token.start[0], token.string


def strings(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """As `ast.walk` would find them, in half the time."""
    waiting: list[object] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, ast.Constant):
            if isinstance(node.value, str):
                yield node.lineno, node.value
        elif isinstance(node, ast.AST) and not isinstance(node, LEAVES):
            waiting += node.__dict__.values()


def finds(turn: Turn, text: str) -> bool:
    return compiled(turn).search(text) is not None


@cache
def any_turn() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{compiled(turn).pattern})" for turn in TURNS), re.IGNORECASE)


@cache
def compiled(turn: Turn) -> re.Pattern[str]:
    """In lookbehinds a space stays one character: Python's have a fixed width."""
    parts = re.split(r"(\(\?<[!=][^)]*\))", turn.pattern)
    return re.compile(
        "".join(part if part.startswith("(?<") else part.replace(" ", r"\s+") for part in parts), re.IGNORECASE
    )

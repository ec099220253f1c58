"""Mistakes of a first day: each is shown with its line, a mark under the word, and what to write instead."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import NamedTuple

import pytest

from edgegen.cli import console
from edgegen.core.errors import SpecError
from edgegen.spec.load import load_text
from tests.conftest import Edgegen

HEAD = "name: shop\nacme: {email: ops@example.com}\ndomains:\n  example.com: {addresses: [192.0.2.7]}\n"
WEB = f"{HEAD}services:\n  web:\n    image: ghcr.io/acme/web:1.4\n    host: www.example.com\n"
HUB = f"{HEAD}services:\n  hub:\n    kind: registry\n    host: r.example.com\n"


class Mistake(NamedTuple):
    spec: str
    word: str
    """What the mark is under."""
    said: str
    fix: str
    """What the hint tells, or the end of the sentence where there is no hint."""


MISTAKES = {
    "tabs": Mistake(f"{HEAD}services:\n\tweb: {{image: a:1}}\n", " ", "a tab can't be used", "use spaces"),
    "an indentation too few": Mistake(f"{WEB}   port: 80\n", "port", "does not fit the lines above", ""),
    "a colon left out": Mistake(
        f"{HEAD}services:\n  web:\n    image nginx\n    port: 80\n", "image", "a `:` is missing after `image`", ""
    ),
    "a space left out, at the end": Mistake(f"{WEB}    port:80\n", "***", "a space is missing after `port:`", ""),
    "a space left out": Mistake(
        f"{HEAD}services:\n  web:\n    image:nginx\n    port: 80\n", "***", "a space is missing after `image:`", ""
    ),
    "an equals sign": Mistake(f"{WEB}    port = 80\n", "port", "write `port: VALUE`", ""),
    "an equals sign, not last": Mistake(
        f"{HEAD}services:\n  web:\n    port=80\n    image: a:1\n", "***", "write `port: VALUE`", ""
    ),
    "a no-break space": Mistake(f"{WEB}    port:\xa080\n", "port", "a no-break space (U+00A0) follows `port:`", ""),
    "a wide colon": Mistake(f"{WEB}    port\uff1a80\n", "***", "the colon after `port` is U+FF1A", ""),
    "a colon left out, at the end": Mistake(f"{WEB}    port 80\n", "port", "a `:` is missing after `port`", ""),
    "a star without quotes": Mistake(
        f"{WEB}    port: 80\n    aliases: [*.example.com]\n", "*.example.com", "is an alias in YAML", "in quotes"
    ),
    "two of one key": Mistake(f"{WEB}    port: 80\n    port: 81\n", "port", "a second time", "remove one"),
    "domain": Mistake(
        "name: a\ndomain: {example.com: {}}\n", "domain", "unknown key `domain`", "Did you mean `domains`?"
    ),
    "domains as a list": Mistake(
        "name: a\ndomains: [example.com]\n", "[example.com", "expected a mapping", "{addresses: [IP]}"
    ),
    "a host of no domain": Mistake(
        f"{HEAD}services: {{web: {{image: 'a:1', port: 80, host: www.exmaple.com}}}}\n",
        "www.exmaple.com",
        "no domain of `domains:` covers `www.exmaple.com`",
        "Did you mean `www.example.com`?",
    ),
    "a host as a URL": Mistake(
        f"{HEAD}services:\n  web:\n    image: a:1\n    port: 80\n    host: https://www.example.com\n",
        "https://www.example.com",
        "is a URL",
        "write only the host name",
    ),
    "several hosts": Mistake(
        f"{HEAD}services: {{web: {{image: 'a:1', port: 80, host: [a.example.com]}}}}\n",
        "[a.example.com",
        "expected text",
        "`hosts: […]`",
    ),
    "no image": Mistake(
        f"{HEAD}services:\n  web:\n    port: 80\n", "port", "needs an `image` or a `build`", "image: nginx"
    ),
    "an image in capitals": Mistake(
        f"{HEAD}services:\n  web:\n    image: Nginx:1\n", "Nginx:1", "is not an image", "`nginx:1`"
    ),
    "no port": Mistake(WEB, "image", "needs a `port`", "Add it, like `port: 3000`"),
    "ports for port": Mistake(
        f"{WEB}    ports: ['80:80']\n", "image", "needs a `port`", "`ports` are those that the host publishes"
    ),
    "a port in quotes": Mistake(
        f'{WEB}    port: "80"\n', '"80"', "expected a number, not the text `80`", "Remove the quotes"
    ),
    "a pair of ports": Mistake(f'{WEB}    port: "8080:80"\n', '"8080:80"', "is two ports", "Write `port: 80`"),
    "version": Mistake(f'version: "3.8"\n{WEB}    port: 80\n', "version", "unknown key `version`", "Delete it"),
    "services as a list": Mistake(
        f"{HEAD}services:\n  - web: {{image: a:1}}\n", "-", "expected a mapping", "without `- `"
    ),
    "a kind as a name": Mistake(
        f"{WEB}    port: 80\n    middlewares: [compress]\n",
        "compress",
        "there is no middleware",
        "write `{kind: compress}`",
    ),
    "a kind with what it needs": Mistake(
        f"{WEB}    port: 80\n    middlewares: [ip-allow-list]\n",
        "ip-allow-list",
        "there is no middleware",
        "write `{kind: ip-allow-list, source_range: …}`",
    ),
    "a middleware as Traefik has it": Mistake(
        f"{WEB}    port: 80\n    middlewares:\n      - basicAuth: {{users: ['a:$2y$05$abcdefgh']}}\n",
        "basicAuth",
        "a middleware needs its `kind`",
        "Did you mean `{kind: basic-auth, users: …}`?",
    ),
    "middlewares as a word": Mistake(
        f"{WEB}    port: 80\n    middlewares: secure-headers\n",
        "secure-headers",
        "expected a list",
        "Write `[secure-headers]`",
    ),
    "middlewares as a mapping": Mistake(
        f"{WEB}    port: 80\n    middlewares:\n      rate-limit: {{average: 5}}\n",
        "rate-limit",
        "expected a list",
        "Write `[{kind: rate-limit, average: …}]`",
    ),
    "env": Mistake(
        f"{WEB}    port: 80\n    env: {{A: b}}\n", "env", "unknown key `env`", "Did you mean `environment`?"
    ),
    "email at the top": Mistake(
        f"email: a@example.com\n{WEB}    port: 80\n", "email", "unknown key `email`", "`acme: {email: …}`"
    ),
    "the staging authority": Mistake(
        "name: a\nacme: {ca: staging}\n", "staging", "`staging` is none of", "Did you mean `letsencrypt-staging`?"
    ),
    "a ttl as a duration": Mistake(
        "name: a\ndomains: {a.example: {ttl: 5m}}\n", "5m", "`5m` is not a ttl", "Write 300"
    ),
    "an address that is a name": Mistake(
        "name: a\ndomains: {a.example: {addresses: [b.example.net]}}\n",
        "b.example.net",
        "is not an IP address",
        "{cname: b.example.net}",
    ),
    "yes": Mistake("name: a\ndomains: {a.example: {proxied: yes}}\n", "yes", "expected true or false", "write true"),
    "a secret in the spec": Mistake("name: a\nsecrets:\n  db: hunter2\n", "***", "expected a mapping", "`{env: NAME}`"),
    "a user with a password": Mistake(
        f"{HUB}    users: ['ci:hunter2']\n", "***", "without a password", "Write only the name"
    ),
}


def screen(spec: str, capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SpecError) as caught:
        load_text(spec.encode())
    console.show_error(caught.value)
    return capsys.readouterr().err


def marked(shown: str) -> list[tuple[int, str]]:
    """Each line that is shown: its number, and what the mark is under."""
    found = re.findall(r"^ *(\d+) \| (.*)\n +\| ( *)(\^+)$", shown, re.M)
    return [(int(number), line.ljust(200)[len(space) : len(space) + len(mark)]) for number, line, space, mark in found]


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_of_the_first_day(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    case = MISTAKES[name]
    shown = screen(case.spec, capsys)
    block = shown.split("\n\n")[0]
    head = re.match(r"error\[2\]: edge\.yaml:(\d+):(\d+)(?: [^ ]+)?: ", block)
    assert head, shown
    assert case.said in block
    assert case.fix in block
    ((number, word),) = marked(block)
    assert (number, word) == (int(head[1]), case.word)


@pytest.mark.parametrize("name", [name for name in MISTAKES if MISTAKES[name].word not in ("***", " ")])
def test_the_mark_is_where_the_word_is(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    case = MISTAKES[name]
    head = re.match(r"error\[2\]: edge\.yaml:(\d+):(\d+)", screen(case.spec, capsys))
    assert head
    assert case.spec.split("\n")[int(head[1]) - 1][int(head[2]) - 1 :].startswith(case.word)


PRIVATE = [
    f"{WEB}    port: 80\n    environment: {{A: hunter2, B: [1]}}\n",
    f"{WEB}    port: 80\n    environment:\n      A: {{secrt: hunter2}}\n",
    f"{HEAD}services: {{web: {{image: 'a:1', prt: 80, environment: {{A: hunter2}}}}}}\n",
    f"{HEAD}services: {{web: {{environment: {{A: hunter2}}, image: 'a:1', prt: 80}}}}\n",
    f'{WEB}    port: 80\n    environment:\n      DB_PASSWORD: "hunter2\n',
    "name: a\nsecrets:\n  db: {vaule: hunter2}\n",
    "name: a\nenvironments: {dev: {secrets: {db: hunter2}}}\n",
    f"{HUB}    users: [{{ci: hunter2}}]\n",
    f"{WEB}    port: 80\n    middlewares: [{{kind: headers, custom_request_headers: {{X: [hunter2]}}}}]\n",
    f"{WEB}    port: 80\n    build: {{context: ., args: {{A: [hunter2]}}}}\n",
    "name: a\nacme: {eab: {kid: x, hmac: hunter2}}\n",
    f"{WEB}    environment: {{A: 'hunter2]hunter2', B: {{C: d}}}}\n    prt: 80\n    environment: {{A: hunter2}}\n",
    f"{HEAD}services: {{web: {{environment: {{A: 'x]hunter2'}}, image: 'a:1', environment: {{A: hunter2}}}}}}\n",
    f"{WEB}    port: 80\n    enviroment: {{A: hunter2}}\n",
    f"{WEB}    port: 80\n    env: [A=hunter2]\n",
]
BROKEN = {
    "a quote is open": f'{WEB}    environment:\n      A: "hunter2\n',
    "a quote is open in a list": f'{WEB}    environment:\n    - "A=hunter2\n',
    "a quote is open in braces": f'{WEB}    environment: {{A: "hunter2\n',
    "no such anchor": f"{WEB}    environment: {{A: &x hunter2, B: *y}}\n",
    "two colons": "name: a\nsecrets:\n  db: hunter2: x\n",
    "braces in the next line": f'{WEB}    environment: {{\n      A: "hunter2\n',
    "a tab": f"{WEB}    environment:\n      A: b\n\tB: hunter2\n",
    "not as deep as the others": f"{WEB}    environment:\n      A: b\n     B: hunter2\n",
    "a character": f"{WEB}    environment:\n      A: |\n        hunter2\x01\n",
    "after a comment": f'{WEB}    environment:\n      A: b\n# and\n\n      B: "hunter2\n',
}
"""Where YAML itself is wrong, no path tells what the line belongs to."""


@pytest.mark.parametrize("spec", PRIVATE)
def test_what_may_be_secret_is_not_shown(spec: str, capsys: pytest.CaptureFixture[str]) -> None:
    environment = "dev" if "environments:" in spec else None
    with pytest.raises(SpecError) as caught:
        load_text(spec.encode(), "edge.yaml", environment)
    console.show_error(caught.value)
    shown = capsys.readouterr().err
    assert marked(shown)
    assert "hunter2" not in shown


@pytest.mark.parametrize("name", BROKEN)
def test_what_may_be_secret_is_not_shown_of_broken_yaml(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    shown = screen(BROKEN[name], capsys)
    assert marked(shown)
    assert "hunter2" not in shown


@pytest.mark.parametrize("key", ["port", "aliases"])
def test_a_line_below_variables_that_is_none_of_them_is_shown(key: str, capsys: pytest.CaptureFixture[str]) -> None:
    shown = screen(f"{WEB}    environment:\n      A: b\n    {key}: [80\n", capsys)
    assert f"{key}: [80\n" in shown
    assert [word for _, word in marked(shown)] == ["[80"]


def test_a_secret_that_is_shown_would_be_noticed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted fault."""
    from edgegen.cli.report import problem

    monkeypatch.setattr(problem, "is_inside", lambda _lines, _line: False)
    monkeypatch.setattr(problem, "scalars", lambda *_: iter(()))
    assert "hunter2" in screen(BROKEN["a quote is open"], capsys)


def test_a_line_that_is_too_long_is_cut_around_the_mark(capsys: pytest.CaptureFixture[str]) -> None:
    many = ", ".join(f"h{number}.example.com: {{}}" for number in range(50))
    shown = screen(f"name: a\ndomains: {{example.com: {{hosts: {{{many}, x.example.com: {{tll: 60}}}}}}}}\n", capsys)
    assert ("tll" in [word for _, word in marked(shown)]) is True
    assert max(map(len, shown.splitlines()[1:4])) <= 110


@pytest.mark.parametrize("columns", [60, 80])
def test_a_line_of_wide_characters_is_cut_by_its_columns(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    from edgegen.cli.report import problem

    drawn = problem.excerpt
    monkeypatch.setattr(problem, "excerpt", lambda *words, **more: drawn(*words, **{**more, "longest": columns}))
    shown = screen(f'name: a\nservices: {{web: {{"{"网站" * 50}": 1, prt: 1, host: "{"网站" * 50}"}}}}\n', capsys)
    lines = re.findall(r"^2 \| (.*)$", shown, re.M)
    assert lines
    for line in lines:
        wide = sum(1 + (unicodedata.east_asian_width(char) == "W") for char in line)
        assert columns - 3 <= wide <= columns


def test_as_json_nothing_has_changed(capsys: pytest.CaptureFixture[str]) -> None:
    import json

    with pytest.raises(SpecError) as caught:
        load_text(MISTAKES["a port in quotes"].spec.encode())
    console.json_error("render", caught.value)
    (problem,) = json.loads(capsys.readouterr().out)["error"]["problems"]
    assert problem == {
        "message": "expected a number, not the text `80`", "where": "edge.yaml:9:11", "path": "services.web.port",
        "hint": "remove the quotes",
    }  # fmt: skip


def test_a_mark_in_the_wrong_place_would_be_noticed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted fault."""
    from edgegen.cli.report import problem

    drawn = problem.excerpt
    monkeypatch.setattr(problem, "excerpt", lambda lines, line, column, **more: drawn(lines, line, column + 1, **more))
    (found, *_) = marked(screen(MISTAKES["version"].spec, capsys))
    assert found != (1, "version")


def test_what_is_missing_altogether_has_no_mark(capsys: pytest.CaptureFixture[str]) -> None:
    """There is no line to show: the first one of the file is about something else."""
    shown = screen("services: {}\n", capsys)
    assert shown == (
        "error[2]: edge.yaml:1:1 name: the key `name` is missing. Add one, like `name: shop`: a-z, 0-9 and hyphens\n"
    )


@pytest.mark.parametrize(
    ("file", "words", "hint"),
    [
        ("edge.yml", [], "`edge.yml` is there, and edgegen reads only `edge.yaml`: `mv edge.yml edge.yaml`"),
        ("edge.yaml", ["-C", "inner"], "the folder above has one: use `-C inner/..`"),
        ("other.yaml", [], "`edgegen init registry DOMAIN` writes one"),
    ],
)
def test_a_spec_in_another_place_is_named(
    edgegen: Edgegen, tmp_path: Path, file: str, words: list[str], hint: str
) -> None:
    (tmp_path / file).write_text(f"{WEB}    port: 80\n")
    (tmp_path / "inner").mkdir()
    done = edgegen("render", *words, cwd=tmp_path)
    assert done.code == 2
    assert hint[1:] in done.err

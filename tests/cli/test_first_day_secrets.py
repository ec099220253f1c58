"""A secret in the value of any key whose values are the user's texts is never shown beside an error, whatever is
wrong near it: a key, a value, or the YAML itself."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from edgegen.cli import console
from edgegen.cli.report import problem
from edgegen.core.errors import SpecError
from edgegen.spec.load import load_text
from tests.sizes import sized

HEAD = "name: shop\nacme: {email: ops@example.com}\ndomains:\n  example.com: {addresses: [192.0.2.7]}\nservices:\n"
NEUTRAL = ("foo", "note", "command", "entrypoint", "labels", "extra", "settings", "start", "logging", "my.key", "u")
AROUND = st.text("!$%&()*+-./:;<=>?@[]^_{|}~,# '\"\\", max_size=4).map(
    lambda text: text.replace("${", "{")  # what follows is the name of a variable, which a message about it needs
)
LEAD = st.sampled_from(("", "", "A=", "--a=", "Bearer "))
CORE = st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=8, max_size=16).map(
    "Zq".__add__
)
"""What is looked for in the output."""


def plain(text: str) -> str:
    return re.sub(r"[^\w]", "", text)


def single(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


QUOTES: dict[str, Callable[[str], str]] = {"plain": plain, "single": single, "double": json.dumps}
FLOW = {
    "a value": "{key}: {value}",
    "after a flag": "{key}: [--token, {value}]",
    "in a list": "{key}: [a, {value}, b]",
    "in a mapping": "{key}: {{A: {value}}}",
    "in a list in a mapping": "{key}: {{A: [[{value}]], B: c}}",
}
WRONG_KEY = ("prt: 80", "imge: a", "hosts: 5", "middlewares: {{a: b}}", "port: x", "replicas: [1]", "restart: {{}}")
BLOCK = {
    "one key": "  web:\n    image: a:1\n    {beside}\n    {own}\n",
    "a comment after a key": "  web:\n    image: a:1\n    {beside}   # {value}\n    {own}\n",
    "a comment of nothing else": "  web:\n    image: a:1\n    prt: 80 #{value}\n    {own}\n",
    "one line": "  web: {{image: a:1, {beside}, {own}}}\n",
    "one line, the other way": "  web: {{{own}, image: a:1, {beside}}}\n",
    "lines of braces": "  web: {{image: a:1,\n    x: [b,\n    {value}, {{prt: 1}}, {beside_flow}], {own}}}\n",
    "an item": "  web:\n    image: a:1\n    {key}:\n      - {value}\n      - {{a: {value}, prt: 5}}\n    {beside}\n",
    "a colon left out": "  web:\n    image: a:1\n    {key} {core}\n    port: 80\n",
    "an open bracket": "  web:\n    image: a:1\n    {key}: [{value}\n    port: 80\n",
    "an open brace": "  web: {{image: a:1, {own}, b: [\n",
    "an open quote": "  web:\n    image: a:1\n    {key}: '{core}\n",
    "a colon too many": "  web:\n    image: a:1\n    {key}: {core}: x\n",
    "too deep": "  web:\n    image: a:1\n    {own}\n      {key}: {value}\n",
    "not deep enough": "  web:\n    image: a:1\n   {key}: {value}\n    port: 80\n",
    "a tab": "  web:\n    image: a:1\n\t{key}: {value}\n",
    "an alias of nothing": "  web:\n    image: a:1\n    {key}: [*x, {value}]\n",
    "two of one key": "  web:\n    image: a:1\n    {own}\n    {own}\n",
    "a character": "  web:\n    image: a:1\n    {key}: |\n      {core}\x01\n",
    "a variable in the wrong place": "  web:\n    image: a:1\n    host: ${{A}}\n    {own}\n",
    "half of a value": "  web: {{image: a:1, {beside}, u: abc,{core}, {own}}}\n",
    "a space left out": "  web: {{image: a:1, {beside}, {key}:{core}, {own}}}\n",
    "a variable's space left out": "  web: {{image: a:1, environment: {{P:{core}}}, {beside}, {own}}}\n",
    "a variable's equals sign": "  web: {{image: a:1, environment: {{P={core}}}, {beside}, {own}}}\n",
    "a list's equals sign left out": "  web: {{image: a:1, environment: [P {core}], {beside}, {own}}}\n",
    "a colon left out in braces": "  web: {{image: a:1, {key} {core}: 80, {beside}}}\n",
    "a variable that is not closed": "  web: {{image: a:1, command: 'a${{{core}', {beside}, {own}}}\n",
    "a variable that goes on": "  web: {{image: a:1, environment: {{P: 'a${{{core};b}}'}}, {beside}, {own}}}\n",
    "an alias that was a text": "  web:\n    image: a:1\n    environment:\n      P: *{core}\n    {own}\n",
    "a tag that was a text": "  web:\n    image: a:1\n    environment:\n      P: !{core}\n    {own}\n",
    "an anchor that was a text": "  web:\n    image: a:1\n    environment:\n      P: &{core}\n    {own}\n",
    "a login in an image": "  web: {{image: 'me:{core}@ghcr.io/x:1', {beside}, {own}}}\n",
    "a token in a query": "  web: {{kind: external, host: a.example.com, url: 'nas/?token={core}', {own}}}\n",
    "a token for a user": "  web: {{kind: external, host: a.example.com, url: 'http://{core}@nas:1/', {own}}}\n",
    "a form that Compose refuses": "  web:\n    image: a:1\n    port: 80\n    command: [{value}, '${{1}}']\n",
}


def screens(spec: str, capsys: pytest.CaptureFixture[str]) -> str:
    """Everything that is shown of its errors, as text and as JSON; "" for a spec that is right."""
    try:
        load_text(spec.encode())
    except SpecError as error:
        console.show_error(error)
        console.json_error("render", error)
    said = capsys.readouterr()
    return said.err + said.out


@st.composite
def specs(draw: st.DrawFn) -> tuple[str, str]:
    core, key = draw(CORE), draw(st.sampled_from(NEUTRAL))
    value = draw(st.sampled_from(list(QUOTES.values())))(draw(LEAD) + draw(AROUND) + core + draw(AROUND))
    own = draw(st.sampled_from(list(FLOW.values()))).format(key=key, value=value)
    frame = draw(st.sampled_from(list(BLOCK.values())))
    beside = draw(st.sampled_from(WRONG_KEY)).replace("{{", "{").replace("}}", "}")
    spec = frame.format(key=key, value=value, own=own, beside=beside, beside_flow="{prt: 2}", core=core)
    return HEAD + spec, core


@pytest.mark.slow
@settings(max_examples=sized(250, 20_000), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(found=specs())
@example(found=(f"{HEAD}  web: {{image: a:1, foo: Zqhunter2, prt: 80}}\n", "Zqhunter2"))
@example(found=(f"{HEAD}  web: {{image: a:1, command: [--token, Zqhunter2], prt: 80}}\n", "Zqhunter2"))
@example(found=(f"{HEAD}  web:\n    prt: 80 # Zqhunter2\n", "Zqhunter2"))
def test_a_secret_near_an_error_is_not_shown(found: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    spec, secret = found
    shown = screens(spec, capsys)
    assert secret not in shown, spec + shown


@pytest.mark.parametrize("frame", BLOCK)
def test_each_is_wrong_and_its_line_is_shown(frame: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Else the property would look at nothing."""
    more = {"own": "foo: x", "beside": "prt: 80", "beside_flow": "{prt: 2}", "core": "x"}
    shown = screens(HEAD + BLOCK[frame].format(key="foo", value="x", **more), capsys)
    assert re.search(r"^ +\| +\^+$", shown, re.M), shown


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("web: {imge: 'a:1', port: 80, foo: hunter2}", "web: {imge: ***, port: 80, foo: ***}"),
        ("web: {image: 'a:1', host: www.example.com, prt: 80}", "web: {image: 'a:1', host: www.example.com, prt: 80}"),
        ("web: {image: 'a:1', foo: abc,hunter2, prt: 80}", "web: {image: 'a:1', foo: ***,***, prt: 80}"),
        ("web: {image: 'a:1', password:hunter2, prt: 80}", "web: {image: 'a:1', ***, prt: 80}"),
        ("web: {command: [--token, hunter2], prt: 80}", "web: {command: [***, ***], prt: 80}"),
        ("web: {image: 'a:1', prt: 80}   # hunter2", "web: {image: 'a:1', prt: 80}   # ***"),
        ("web: {image: 'a:1', port: hunter}", "web: {image: 'a:1', port: hunter}"),
        ("web: {labels: {traefik.enable: 'a${1}'}}", "web: {labels: {traefik.enable: 'a${1}'}}"),
        ("web: {labels: {other: 'a${1}'}}", "web: {labels: {other: ***}}"),
    ],
)  # fmt: skip
def test_what_the_reader_needs_stays(line: str, shown: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert f"| {shown}\n" in screens(f"{HEAD}  {line}\n", capsys).replace("|   web", "| web")


@pytest.mark.parametrize("words", [1, 9])
def test_a_login_longer_than_what_is_shown_is_hidden_too(words: int, capsys: pytest.CaptureFixture[str]) -> None:
    """Its end, which tells that it is one, is past the length to which a value is shortened."""
    login = f"ops:{'Zqvalue0' * words}"
    shown = screens(f"{HEAD}  web: {{kind: external, host: a.example.com, url: '{login}@nas:1'}}\n", capsys)
    assert "can't be used here" in shown
    assert "Zqvalue" not in shown


@pytest.mark.parametrize("net", ["scalars", "comment_of"])
def test_a_secret_that_is_shown_would_be_noticed(
    net: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The planted faults."""
    spec = f"{HEAD}  web: {{image: a:1, foo: Zqvalue, prt: 80}} # Zqcomment\n"
    assert "Zq" not in screens(spec, capsys)
    monkeypatch.setattr(problem, net, {"scalars": lambda *_: iter(()), "comment_of": len}[net])
    assert {"scalars": "Zqvalue", "comment_of": "Zqcomment"}[net] in screens(spec, capsys)

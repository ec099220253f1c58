"""A secret beside what a finding is about is not shown; the word that the mark is under is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from edgegen.cli.app import run
from edgegen.cli.report import excerpt as excerpts
from edgegen.cli.report.lint import neighbours, text

COMPOSE = """\
services:
  traefik:
    image: traefik:v3.6   # Zqcomment
    command: ["--providers.docker=true", "--foo=Zqone", "--entrypoints.web.adress=:80"]
    environment: {FOO: Zqtwo, BAR: 010}
  a: {image: "nginx:latest", command: [--token,
     Zqthree, b], labels: ["traefik.enable=true", "traefik.http.routers.a.rul=Host(`a`)", "x=Zqfour"]}
  b:
    image: nginx
    labels: {traefik.enable: "true", traefik.http.routers.b.rule: "Hos(`b`)", foo: Zqfive, 'q': 'Zq # six'}
    ports: ["80:80"]  # Zqseven
"""


@pytest.fixture
def shown(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "compose.yaml").write_text(COMPOSE)
    assert run(["lint"]) == 1
    return capsys.readouterr().out


def test_neighbours_are_hidden(shown: str) -> None:
    about = [line for line in shown.splitlines() if "| " in line and "foo" not in line.partition("|")[0]]
    assert {number for line in about for number in re.findall(r"^ *(\d+) \|", line)} >= {"4", "5", "7", "10", "11"}
    assert "Zq" not in "\n".join(line for line in about if "--foo" not in line)


def test_what_the_mark_is_under_stays(shown: str) -> None:
    marked = [
        line[len(space) :][: len(mark)]
        for line, space, mark in re.findall(r"^ *\d+ \| (.*)\n +\| ( *)(\^+)$", shown, re.M)
    ]
    assert '"--entrypoints.web.adress' in " ".join(marked)
    assert '"traefik.http.routers.a.rul' in " ".join(marked)
    assert "010" in marked


def test_a_neighbour_that_is_shown_would_be_noticed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted fault."""
    monkeypatch.setattr(text, "without_neighbours", lambda parts, **_: parts)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "compose.yaml").write_text(COMPOSE)
    run(["lint"])
    assert {"Zqtwo", "Zqfour", "Zqfive", "Zqseven"} <= set(re.findall(r"Zq\w+", capsys.readouterr().out))


ABOUT = {
    "a variable": 'environment: {P: "a${Zqsecret"}',
    "a variable of a list": 'environment: ["P=a${Zqsecret"]',
    "a variable on its own line": 'environment:\n      P: "a${Zqsecret;b}"',
    "a variable with an equals sign": 'environment: {P: "a${Zqsecret=x"}',
    "a variable with one at its end": "environment:\n      P: a${Zqsecret=",
    "users": 'labels: {traefik.http.middlewares.a.basicauth.usrs: "me:Zqsecret"}',
    "users of a list": 'labels: ["traefik.http.middlewares.a.basicauth.usrs=me:Zqsecret"]',
    "a header": "labels: {traefik.http.middlewares.a.headers.customrequestheader.X-Foo: Zqsecret}",
    "headers as one": 'labels:\n      traefik.http.middlewares.a.headers.customrequestheaders: "X-Foo:Zqsecret"',
    "an option of the edge": 'command: ["--certificatesresolvers.x.acme.eab.hmacencodd=Zqsecret"]',
    "a variable of the edge": "environment: {TRAEFIK_CERTIFICATESRESOLVERS_X_ACME_EAB_HMACENCODD: Zqsecret}",
    "a plugin": 'command: ["--experimental.plugins.x.settings.y=Zqsecret"]',
    "a token for a user": "labels: {traefik.http.middlewares.a.forwardauth.adress: 'http://Zqsecret@x/'}",
}


def said(more: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    (folder / "compose.yaml").write_text(f"services:\n  a:\n    image: traefik:v3.6\n    {more}\n")
    run(["lint", "-C", str(folder)])
    return capsys.readouterr().out


@pytest.mark.parametrize("about", ABOUT)
def test_a_secret_that_a_finding_is_about_is_hidden(
    about: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = said(ABOUT[about], tmp_path, capsys)
    line = 4 + ABOUT[about].count("\n")
    assert re.search(rf"^ *{line} \| .*\*\*\*", shown, re.M), shown  # else nothing was found
    assert "Zq" not in shown


@pytest.mark.parametrize("beside", ["Zqc2VjcmV0=", '"Zqc2VjcmV0="', '"Zqsecret=1"', "Zqsecret=true"])
def test_what_ends_like_an_option_is_no_option(beside: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Base64 ends with `=`."""
    shown = said(f"labels: [traefik.http.routers.x.rul=debug, {beside}]", tmp_path, capsys)
    assert "x.rul=debug, ***]" in shown and "Zq" not in shown


def test_such_a_secret_would_be_noticed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted fault."""
    monkeypatch.setattr(neighbours, "_SECRET", re.compile("(?!)"))
    assert "Zqsecret" in said(ABOUT["users"], tmp_path, capsys)


def test_an_option_that_is_no_secret_stays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "--log.levl=debug" in said('command: ["--log.levl=debug"]', tmp_path, capsys)
    assert "TRAEFIK_LOG_LEVL: debug" in said("environment: {TRAEFIK_LOG_LEVL: debug}", tmp_path, capsys)
    users = 'labels: ["traefik.http.middlewares.a.basicauth.usersfile=/users"]'
    assert "basicauth.usersfile=/users" in said(users, tmp_path, capsys)


DYNAMIC = (
    "http: {routers: {a: {rule: 'Host(`a`)', service: s, entryPoints: [web], tls: {certResolver: le}}}, "
    "services: {s: {loadBalancer: {servers: [{url: 'http://10.0.0.5:80'}, {url: 'http://10.0.0.5/Zqtwo'}]}}}, "
    "middlewares: {m: {redirectScheme: {scheme: https, permanet: Zqthree}}, "
    "n: {plugin: {x: {scheme: http, apiKey: Zqfour, headers: {to: Zqfive}}}}}}\n"
)


def test_names_and_options_of_traefik_stay(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "900")
    monkeypatch.setattr(excerpts, "LONGEST", 900)
    monkeypatch.setattr(text, "LONGEST", 900)
    (tmp_path / "dynamic.yml").write_text(DYNAMIC)
    run(["lint", "-C", str(tmp_path), "dynamic.yml"])
    shown = capsys.readouterr().out
    assert "Zq" not in shown
    for part in (
        "service: s, entryPoints: [web], tls: {certResolver: le}",
        "[{url: 'http://10.0.0.5:80'}, {url: ***}]",
        "{redirectScheme: {scheme: https, permanet",
        "{scheme: http, apiKey: ***, headers: {to: ***}}",
    ):
        assert part in shown, shown

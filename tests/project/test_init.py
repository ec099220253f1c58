"""Starter projects as data: names, answers, and that every folder is one."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from edgegen.core.errors import UsageError
from edgegen.project.init import Answers, project_files, project_name, starters

TEMPLATES = Path(__file__).parents[2] / "templates/init"


def test_every_folder_is_a_starter_and_says_what_it_is_for() -> None:
    assert [item.name for item in starters()] == sorted(folder.name for folder in TEMPLATES.iterdir())
    assert all(item.about and len(item.about) < 100 and "{" not in item.about for item in starters())


@pytest.mark.parametrize(
    ("domain", "name"),
    [
        ("commenthouse.com", "commenthouse"),
        ("xn--bcher-kva.example", "xn--bcher-kva"),
        ("a.b.c", "a"),
        ("x" * 63 + ".com", "x" * 63),
        ("1.example.com", "1"),
    ],
)
def test_the_projects_name(domain: str, name: str) -> None:
    assert project_name(domain) == name


@pytest.mark.parametrize("template", [folder.name for folder in TEMPLATES.iterdir()])
@pytest.mark.parametrize(
    "domain", ["commenthouse.com", "bücher.example", "no.example.com", "1e3.example.com", "on.com"]
)
def test_answers_reach_the_spec_as_they_are(template: str, domain: str) -> None:
    answers = Answers(domain, "o'ps@ex.com", ("192.0.2.1", "2001:db8::1"), users=("a", "no"))
    data = yaml.safe_load(project_files(template, answers)["edge.yaml"])
    ascii_domain = domain.encode("idna").decode()
    assert data["acme"]["email"] == "o'ps@ex.com"
    assert list(data["domains"]) == [ascii_domain]
    assert data["domains"][ascii_domain]["addresses"] == ["192.0.2.1", "2001:db8::1"]
    if template == "registry":
        assert data["services"]["registry"]["users"] == ["a", "no"]


@pytest.mark.parametrize(
    "domain",
    ["", "localhost", "192.0.2.1", "https://a.com", "*.a.com", "a b.com", "a.com\nx: y", "{{7*7}}.com", "a_b.com"],
)
def test_a_bad_domain_is_refused(domain: str) -> None:
    with pytest.raises(UsageError):
        project_files("registry", Answers(domain))


def test_an_answer_is_never_a_template() -> None:
    text = project_files("registry", Answers("a.example", "{{7*7}}@ex.com"))["edge.yaml"].decode()
    assert yaml.safe_load(text)["acme"]["email"] == "{{7*7}}@ex.com"
    assert "49" not in text


@pytest.mark.parametrize(
    ("domain", "zone"), [("www.example.com", "example.com"), ("example.com", "example.com"), ("www.com", "www.com")]
)
def test_a_leading_www_is_not_doubled(domain: str, zone: str) -> None:
    text = project_files("web", Answers(domain))["edge.yaml"].decode()
    assert f"\n  {zone}:\n" in text
    assert f"    host: www.{zone}\n    aliases:\n      - {zone}\n" in text
    assert f"name: {zone.split('.')[0]}\n" in text

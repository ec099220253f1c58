"""Starter projects as data: names, answers, and that every folder is one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from edgegen.core.errors import RefusedError, UsageError
from edgegen.core.registrable import project_name, registrable
from edgegen.dns.marker import with_tail
from edgegen.project.init import Answers, init, owner_lines, project_files
from edgegen.render.starters import starters
from edgegen.spec.dns_section import OwnerLines
from edgegen.spec.load import load_text

TEMPLATES = Path(__file__).parents[2] / "templates/init"
PUBLIC = sorted({folder.name for folder in TEMPLATES.iterdir()} - {"local-registry"})
"""Those with a domain; the other one is for this machine only."""
ONE_HOST = {"built", "local-registry", "three-env", "todo"}


def test_every_folder_is_a_starter_and_says_what_it_is_for() -> None:
    assert [item.name for item in starters()] == sorted(folder.name for folder in TEMPLATES.iterdir())
    assert all(item.about and len(item.about) < 100 and "{" not in item.about for item in starters())


@pytest.mark.parametrize(
    ("domain", "name"),
    [
        ("commenthouse.com", "commenthouse"),
        ("xn--bcher-kva.example", "xn--bcher-kva"),
        ("a.b.c", "a-b"),
        ("x" * 63 + ".com", "x" * 63),
        ("1.example.com", "1-example"),
        ("r.example.com", "r-example"),
        ("www.example.com", "example"),
        ("www.r.example.com", "r-example"),
        ("a.b.example.co.uk", "a-b-example"),
        ("example.co.uk", "example"),
        ("www.com", "www"),
        ("foo.github.io", "foo"),
        ("r.foo.github.io", "r-foo"),
        ("x.y.kawasaki.jp", "x"),
        ("r.city.kawasaki.jp", "r-city"),
        ("web.localhost", "web"),
        ("registry.nas.home.arpa", "registry-nas"),
        ("shop.xn--85x722f.xn--55qx5d.cn", "shop-xn--85x722f"),
        ("y" * 40 + "." + "x" * 40 + ".com", "y" * 40 + "-" + "x" * 22),
    ],
)
def test_the_projects_name(domain: str, name: str) -> None:
    assert project_name(domain) == name


@pytest.mark.parametrize(
    ("domain", "zone"),
    [
        ("r.example.com", "example.com"),
        ("a.b.example.co.uk", "example.co.uk"),
        ("foo.github.io", "foo.github.io"),
        ("github.io", "github.io"),
        ("r.city.kawasaki.jp", "city.kawasaki.jp"),
        ("r.xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("shop.xn--85x722f.xn--55qx5d.cn", "xn--85x722f.xn--55qx5d.cn"),
        ("nas.home.arpa", "nas.home.arpa"),
    ],
)
def test_the_zone_by_the_public_suffix_list(domain: str, zone: str) -> None:
    assert registrable(domain) == zone


@pytest.mark.parametrize("template", ["web", "registry", "wordpress", "three-env", "whoami"])
def test_a_name_that_no_public_zone_has_gets_a_local_certificate(template: str) -> None:
    data = yaml.safe_load(project_files(template, Answers("app.localhost"), OwnerLines("x-00000000"))["edge.yaml"])
    assert data["acme"] == {"ca": "local"}
    assert not {"domains", "dns"} & set(data)
    assert [service["host"] for service in data["services"].values() if "host" in service] in (
        [["app.localhost"], ["app.localhost", "app.localhost"]]
    )


@pytest.mark.parametrize("domain", ["co.uk", "home.arpa", "kawasaki.jp", "xn--55qx5d.cn"])
def test_nobody_has_a_public_suffix(domain: str) -> None:
    with pytest.raises(UsageError, match="is a public suffix"):
        registrable(domain)


NO_OWNER = OwnerLines(None)


@pytest.mark.quick(20)
@pytest.mark.parametrize("template", PUBLIC)
@pytest.mark.parametrize(
    ("domain", "zone"),
    [
        ("commenthouse.com", "commenthouse.com"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("no.example.com", "example.com"),
        ("1e3.example.com", "example.com"),
        ("on.com", "on.com"),
    ],
)
def test_answers_reach_the_spec_as_they_are(template: str, domain: str, zone: str) -> None:
    answers = Answers(domain, "o'ps@ex.com", ("192.0.2.1", "2001:db8::1"), users=("a", "no"))
    data = yaml.safe_load(project_files(template, answers, NO_OWNER)["edge.yaml"])
    assert data["acme"]["email"] == "o'ps@ex.com"
    assert list(data["domains"]) == [zone]
    assert data["domains"][zone]["addresses"] == ["192.0.2.1", "2001:db8::1"]
    if template == "registry":
        assert data["services"]["registry"]["users"] == ["a", "no"]


@pytest.mark.parametrize(
    "domain",
    ["", "localhost", "192.0.2.1", "https://a.com", "*.a.com", "a b.com", "a.com\nx: y", "{{7*7}}.com", "a_b.com"],
)
def test_a_bad_domain_is_refused(domain: str) -> None:
    with pytest.raises(UsageError):
        project_files("registry", Answers(domain), NO_OWNER)


def test_an_answer_is_never_a_template() -> None:
    text = project_files("registry", Answers("a.example", "{{7*7}}@ex.com"), NO_OWNER)["edge.yaml"].decode()
    assert yaml.safe_load(text)["acme"]["email"] == "{{7*7}}@ex.com"
    assert "49" not in text


def test_a_name_below_the_zone_is_the_only_host(domain: str = "app.example.com") -> None:
    data = yaml.safe_load(project_files("web", Answers(domain), NO_OWNER)["edge.yaml"])
    assert list(data["domains"]) == ["example.com"]
    assert data["services"]["web"]["host"] == domain
    assert "aliases" not in data["services"]["web"]


@pytest.mark.parametrize(
    ("domain", "zone"), [("www.example.com", "example.com"), ("example.com", "example.com"), ("www.com", "www.com")]
)
def test_a_leading_www_is_not_doubled(domain: str, zone: str) -> None:
    text = project_files("web", Answers(domain), NO_OWNER)["edge.yaml"].decode()
    assert f"\n  {zone}:\n" in text
    assert f"    host: www.{zone}\n    aliases:\n      - {zone}\n" in text
    assert f"name: {zone.split('.')[0]}\n" in text


@pytest.mark.quick(20)
@pytest.mark.parametrize("template", PUBLIC)
@pytest.mark.parametrize("owner", ["commenthouse-k3v9x2qa", "1", "0-00000000", "a" * 32, "-"])
def test_the_owner_stands_in_the_spec(template: str, owner: str) -> None:
    text = project_files(template, Answers("commenthouse.com"), OwnerLines(owner))["edge.yaml"].decode()
    assert yaml.safe_load(text)["dns"] == {"owner": owner}
    assert load_text(text.encode()).spec.dns.owner == owner


BLOCKS = [
    "dns:\n  owner: commenthouse-k3v9x2qa\n",
    "# ours since 2024\n# ask ops first\ndns:\n  # never change it\n  owner: commenthouse-k3v9x2qa   # really\n",
    "dns: {owner: commenthouse-k3v9x2qa}   # one line\n",
    "dns: {\n  owner: commenthouse-k3v9x2qa,\n}\n",
    "dns:\n\n  # a gap before it\n\n  owner: 'commenthouse-k3v9x2qa'\n",
    '"dns": {"owner": "commenthouse-k3v9x2qa"}\n',
]


@pytest.mark.quick(60)
@pytest.mark.parametrize("template", PUBLIC)
@pytest.mark.parametrize("after", ["", "\n# of the next\nservices: {}\n", "services: {}\n"])
@pytest.mark.parametrize("block", BLOCKS)
def test_force_keeps_the_owner_and_what_is_said_of_it(template: str, block: str, after: str, tmp_path: Path) -> None:
    (tmp_path / "edge.yaml").write_text(f"# first line\nname: x\n\n{block}{after}")
    kept = owner_lines(tmp_path, "commenthouse", "aaaaaaaa", force=True)
    text = project_files(template, Answers("commenthouse.com"), kept)["edge.yaml"].decode()
    assert block in text
    assert text.count("dns:") + text.count('"dns":') == 1
    assert "of the next" not in text
    assert load_text(text.encode()).spec.dns.owner == "commenthouse-k3v9x2qa"


@pytest.mark.parametrize("broken", ["services: [\n", "a: 1\na: 2\n", "\tx\n"])
def test_a_broken_file_still_gives_its_owner(broken: str, tmp_path: Path) -> None:
    (tmp_path / "edge.yaml").write_text(f"name: x\n{BLOCKS[1]}{broken}")
    assert owner_lines(tmp_path, "x", "aaaaaaaa", force=True).owner == "commenthouse-k3v9x2qa"


@pytest.mark.parametrize("text", ["", "name: x\n", "dns: {}\n", "dns: 1\n", "dns: {owner: 1}\n", "dns: {owner: A_B}\n"])
def test_without_an_owner_that_can_be_kept_there_is_a_new_one(text: str, tmp_path: Path) -> None:
    (tmp_path / "edge.yaml").write_text(text)
    assert owner_lines(tmp_path, "x", "aaaaaaaa", force=True) == OwnerLines("x-aaaaaaaa")


def test_a_project_that_has_synced_by_its_name_gets_no_new_owner(tmp_path: Path) -> None:
    """Its records are out there with its name: `dns own` re-marks them."""
    (tmp_path / "edge.yaml").write_text("name: x\n")
    (tmp_path / ".edgegen/locks").mkdir(parents=True)
    (tmp_path / ".edgegen/locks/example.com.lock").touch()
    assert owner_lines(tmp_path, "x", "aaaaaaaa", force=True) == OwnerLines(None)


@pytest.mark.parametrize("length", range(1, 64))
def test_the_name_is_cut_so_that_the_owner_fits(length: int) -> None:
    for name in ("x" * length, ("a" + "-" * 62)[:length], ("ab-" * 21)[:length]):
        owner = with_tail(name, "k3v9x2qa")
        assert re.fullmatch(r"[a-z0-9-]{1,32}", owner)
        assert owner.endswith("-k3v9x2qa")
        assert name.startswith(owner.removesuffix("-k3v9x2qa"))
        assert length > 23 or owner == f"{name.rstrip('-')}-k3v9x2qa"


def test_a_starter_is_checked_with_the_files_that_come_with_it(tmp_path: Path) -> None:
    """Its `.env` has the values of its variables: nothing is missing once everything is written."""
    done = init(tmp_path, "todo", Answers("todo.example.com"), environ={})
    assert (tmp_path / ".env").is_file()
    assert ".env" in done.written
    assert [item.message for item in done.prepared.warnings if "variable" in item.message] == []


def test_a_file_of_the_user_in_the_place_of_one_that_comes_with_it_is_kept(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("MINE=1\n")
    with pytest.raises(RefusedError, match=r"`\.env` exists already"):
        init(tmp_path, "todo", Answers("todo.example.com"), environ={})
    assert [path.name for path in tmp_path.iterdir()] == [".env"]
    assert (tmp_path / ".env").read_text() == "MINE=1\n"


def test_an_init_that_fails_takes_back_what_comes_with_the_spec(tmp_path: Path) -> None:
    (tmp_path / "docker-compose.yml").write_text("by hand\n")
    with pytest.raises(RefusedError):
        init(tmp_path, "todo", Answers("todo.example.com"), environ={})
    assert [path.name for path in tmp_path.iterdir()] == ["docker-compose.yml"]


def test_a_registry_for_this_machine_has_no_domain() -> None:
    files = project_files("local-registry", Answers("registry.localhost", users=("a", "no")), OwnerLines("x-00000000"))
    data = yaml.safe_load(files["edge.yaml"])
    assert not {"domains", "dns", "acme", "edge"} & set(data)
    assert data["services"]["registry"]["users"] == ["a", "no"]


@pytest.mark.quick(4)
@pytest.mark.parametrize("template", [item.name for item in starters()])
def test_a_template_is_for_a_swarm_or_says_why_not(template: str, tmp_path: Path) -> None:
    answers = Answers("app.example.com", target="swarm")
    if template in ONE_HOST:
        with pytest.raises(UsageError, match=rf"`{template}` is for one host, not for target swarm: \w+ .* \w+\.$"):
            init(tmp_path, template, answers, environ={})
        assert list(tmp_path.iterdir()) == []
        return
    init(tmp_path, template, answers, environ={})
    assert (tmp_path / "stack.yml").is_file()

"""`add` on files of all layouts: only new lines, the same meaning plus the new service, and refusals with a place."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from edgegen.core.errors import LockedError, RefusedError, SpecError, UsageError
from edgegen.project.adding.add import addition
from edgegen.project.adding.edit import write_edit
from edgegen.project.adding.wish import Wish
from edgegen.render.starters import starters

ROOT = Path(__file__).parents[3]
EXAMPLES = sorted(ROOT.glob("examples/*/edge.yaml"))
WEB = Wish("nginx:1.27", "new.example.com")

HEAD = "name: shop\nacme: {email: ops@example.com}\ndomains: {example.com: {addresses: [192.0.2.1]}}\n"
ONE = "  web: {image: 'a:1', port: 80, host: www.example.com}\n"
ENTRY = "  nginx:\n    image: nginx:1.27\n    port: 80\n    host: new.example.com\n"


def added(tmp_path: Path, text: str, wish: Wish = WEB) -> str:
    (tmp_path / "edge.yaml").write_bytes(text.encode())
    found = addition(tmp_path, wish)
    write_edit(tmp_path, found.edit)
    return (tmp_path / "edge.yaml").read_bytes().decode()


def is_kept(before: str, after: str) -> bool:
    """Whether all of `before` is in `after`, in its order: nothing was changed, only added."""
    rest = iter(after)
    return all(character in rest for character in before)


LAYOUTS = {
    "at the end": (f"{HEAD}services:\n{ONE}", f"{HEAD}services:\n{ONE}\n{ENTRY}"),
    "without a blank line between": (
        f"{HEAD}services:\n{ONE}  b: {{image: 'b:1'}}\n", f"{HEAD}services:\n{ONE}  b: {{image: 'b:1'}}\n{ENTRY}",
    ),
    "before another section": (
        f"{HEAD}services:\n{ONE}\n# what is secret\nsecrets: {{}}\n",
        f"{HEAD}services:\n{ONE}\n{ENTRY}\n# what is secret\nsecrets: {{}}\n",
    ),
    "behind its own comments": (
        f"{HEAD}services:\n{ONE}  # db:\n  #   image: postgres:16\n# end\n",
        f"{HEAD}services:\n{ONE}  # db:\n  #   image: postgres:16\n\n{ENTRY}# end\n",
    ),
    "without a line end": (f"{HEAD}services:\n{ONE.rstrip()}", f"{HEAD}services:\n{ONE}\n{ENTRY}"),
    "no section": (HEAD, f"{HEAD}\nservices:\n{ENTRY}"),
    "no section, before the end of the document": (f"---\n{HEAD}...\n", f"---\n{HEAD}\nservices:\n{ENTRY}...\n"),
    "an empty flow section": (
        f"{HEAD}services: {{}}  # none yet\nvolumes: {{}}\n", f"{HEAD}services:  # none yet\n{ENTRY}volumes: {{}}\n",
    ),
    "a section without anything": (f"{HEAD}services:\n", f"{HEAD}services:\n{ENTRY}"),
    "a section without anything, and more": (
        f"{HEAD}services: ~  # none yet\nvolumes: {{}}\n", f"{HEAD}services:  # none yet\n{ENTRY}volumes: {{}}\n",
    ),
    "a section of comments": (
        f"{HEAD}services:\n  # web:\n  #   image: a:1\n", f"{HEAD}services:\n{ENTRY}  # web:\n  #   image: a:1\n",
    ),
    "a flow section": (
        f"{HEAD}services: {{web: {{image: 'a:1'}}}} # all\n",
        f'{HEAD}services: {{web: {{image: \'a:1\'}}, nginx: {{"image": "nginx:1.27", "port": 80, '
        '"host": "new.example.com"}} # all\n',
    ),
    "indented by four": (
        f"{HEAD}services:\n    web:\n        image: a:1\n",
        f"{HEAD}services:\n    web:\n        image: a:1\n\n"
        + "".join(f"  {line}\n" if line else "\n" for line in ENTRY.splitlines()),
    ),
    "a block text at the end": (
        f"{HEAD}services:\n  web:\n    image: a:1\n    command: |\n      a\n\n      b\nvolumes: {{}}\n",
        f"{HEAD}services:\n  web:\n    image: a:1\n    command: |\n      a\n\n      b\n\n{ENTRY}volumes: {{}}\n",
    ),
    "letters of other scripts": (
        f"# größe 猫 𝒳\n{HEAD}services:\n{ONE}# ü\n", f"# größe 猫 𝒳\n{HEAD}services:\n{ONE}\n{ENTRY}# ü\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layouts(tmp_path: Path, layout: str) -> None:
    before, after = LAYOUTS[layout]
    assert added(tmp_path, before) == after


@pytest.mark.parametrize("layout", LAYOUTS)
def test_line_ends_of_dos_stay(tmp_path: Path, layout: str) -> None:
    before, after = (text.replace("\n", "\r\n") for text in LAYOUTS[layout])
    assert added(tmp_path, before) == after


def test_a_byte_order_mark_stays(tmp_path: Path) -> None:
    assert added(tmp_path, f"\ufeff{HEAD}services:\n{ONE}") == f"\ufeff{HEAD}services:\n{ONE}\n{ENTRY}"


def test_a_file_of_json(tmp_path: Path) -> None:
    text = added(tmp_path, '{"name": "shop", "services": {"web": {"image": "a:1"}}}\n')
    assert yaml.safe_load(text)["services"]["nginx"]["port"] == 80
    assert text.startswith('{"name": "shop", "services": {"web": {"image": "a:1"}, nginx: {')
    text = added(tmp_path, '{"name": "shop"}')
    assert text == '{"name": "shop", services: {nginx: {"image": "nginx:1.27", "port": 80, "host": "new.example.com"}}}'


@pytest.mark.quick(6)
@pytest.mark.parametrize("file", EXAMPLES, ids=[file.parent.name for file in EXAMPLES])
def test_examples_keep_every_line(tmp_path: Path, file: Path) -> None:
    before = file.read_text()
    (tmp_path / "edge.yaml").write_text(before)
    data = yaml.safe_load(before)
    zone = next(iter(data.get("domains") or {"x.localhost": 1}))
    try:
        found = addition(tmp_path, Wish("wordpress", f"brand-new.{zone}", name="brand-new"))
    except RefusedError as error:
        # A spec that is served by another project's edge, or has none, may not take it: that is said, with a reason.
        assert "with this change" in str(error)
        return
    after = found.edit.after.decode()
    assert is_kept(before, after)
    meant = yaml.safe_load(after)
    for section in ("services", "secrets", "volumes", "networks"):
        for name in [name for name in meant.get(section) or {} if name.startswith("brand-new")]:
            del meant[section][name]
        if section not in data and not meant[section]:
            del meant[section]
    assert meant == data


@pytest.mark.parametrize("template", [item.name for item in starters()])
def test_templates_twice_under_two_names(tmp_path: Path, template: str) -> None:
    """Each name that a template brings along is its own: two of a kind live side by side."""
    first, second = Wish(template, "one.example.com", name="one"), Wish(template, "two.example.com", name="two")
    if template in ("built", "three-env", "todo", "local-registry"):
        with pytest.raises(UsageError, match=r"its own files|has no host"):
            added(tmp_path, HEAD, first)
        return
    text = added(tmp_path, added(tmp_path, HEAD, first), second)
    data = yaml.safe_load(text)
    ones = [name for section in data if section != "domains" for name in data[section] if name.startswith("one")]
    twos = [name for section in data if section != "domains" for name in data[section] if name.startswith("two")]
    assert ones
    assert [name.replace("one", "two") for name in ones] == twos
    assert data["services"]["one"]["host"] == "one.example.com"


def test_it_is_there_already(tmp_path: Path) -> None:
    text = added(tmp_path, HEAD)
    assert not addition(tmp_path, WEB).edit.is_new
    assert added(tmp_path, text) == text


def test_what_is_left_of_a_removed_service_is_taken_up(tmp_path: Path) -> None:
    """Its password and its volume are those of the database that still exists."""
    blog = Wish("wordpress", "blog.example.com", name="blog")
    data = yaml.safe_load(added(tmp_path, HEAD, blog))
    del data["services"]
    (tmp_path / "edge.yaml").write_text(yaml.safe_dump(data, sort_keys=False))
    assert addition(tmp_path, blog).places == ("services.blog", "services.blog-db")


@pytest.mark.parametrize(
    ("wish", "error", "said"),
    [
        (Wish("nginx:1.27", "www.example.com"), RefusedError, "5:39: `www.example.com` is already the name of"),
        (Wish("nginx:1.27", "b.example.com", "web"), RefusedError, "5:8: the spec already has `services.web`"),
        (Wish("nginx:1.27", "b.exampl.com"), RefusedError, "3:10: no domain of `domains:` covers `b.exampl"),
        (Wish("nginx:1.27", "b.example.com", "traefik"), RefusedError, "with this change: the name `traefik` is taken"),
        (Wish("nginx:1.27", "b.example.com", middlewares=("no",)), RefusedError, "there is no middleware `no`"),
        (Wish("nginx:1.27", "www.example.com", path="/"), RefusedError, "with this change"),
        (Wish("ngnx", "b.example.com"), UsageError, "neither a template nor an image with a tag"),
        (Wish("redirect", "b.example.com"), UsageError, "a kind of service that `add` has no template for"),
        (Wish("acme/x:1", "b.example.com"), UsageError, "the port that `acme/x:1` listens on isn't known"),
        (Wish("nginx:1.27", "b_.example.com"), UsageError, "b_"),
        (Wish("nginx:1.27", "b.example.com", name="No Name"), UsageError, "not a usable name"),
        (Wish("registry", "b.example.com", port=80), UsageError, "--port is for images"),
        (Wish("nginx:1.27", "b.example.com", users=("a",)), UsageError, "--user is for registries"),
    ],
)  # fmt: skip
def test_refused(tmp_path: Path, wish: Wish, error: type[Exception], said: str) -> None:
    (tmp_path / "edge.yaml").write_text(f"{HEAD}services:\n{ONE}")
    with pytest.raises(error, match=said):
        addition(tmp_path, wish)


@pytest.mark.parametrize(
    ("host", "hint"),
    [("b.exampl.com", "did you mean `b.example.com`?"), ("b.shop.co.uk", "`shop.co.uk: {addresses: [192.0.2.1]}`")],
)
def test_the_domain_that_is_missing(tmp_path: Path, host: str, hint: str) -> None:
    (tmp_path / "edge.yaml").write_text(HEAD)
    with pytest.raises(RefusedError) as caught:
        addition(tmp_path, Wish("nginx:1.27", host))
    assert hint in caught.value.problems[0].hint


def test_a_part_of_a_host(tmp_path: Path) -> None:
    text = added(tmp_path, f"{HEAD}services:\n{ONE}", Wish("nginx:1.27", "www.example.com", path="/docs"))
    assert yaml.safe_load(text)["services"]["nginx"]["path"] == "/docs"


def test_what_an_environment_would_refuse(tmp_path: Path) -> None:
    overlay = "environments: {dev: {services: {nginx: {host: www.example.com}}}}\n"
    (tmp_path / "edge.yaml").write_text(f"{HEAD}services:\n{ONE}{overlay}")
    # Before the change this environment was wrong as well: it is not held against the new service.
    addition(tmp_path, Wish("nginx:1.27", "b.example.com", name="other"))
    good = "environments: {dev: {middlewares: {other-headers: {kind: compress}}}}\n"
    (tmp_path / "edge.yaml").write_text(f"{HEAD}services:\n{ONE}{good}")
    with pytest.raises(RefusedError, match="with this change in the environment `dev`: the name `other-headers`"):
        addition(tmp_path, Wish("nginx:1.27", "b.example.com", name="other"))


def test_a_section_that_two_places_share(tmp_path: Path) -> None:
    (tmp_path / "edge.yaml").write_text(
        f"{HEAD}x-all: &all\n{ONE}services: *all\nenvironments: {{dev: {{services: *all}}}}\n"
    )
    with pytest.raises(SpecError, match="can't be extended") as caught:
        addition(tmp_path, WEB)
    assert "write it yourself:\nservices:\n  nginx:\n    image: nginx:1.27" in caught.value.problems[0].hint


def test_a_file_that_changed_meanwhile(tmp_path: Path) -> None:
    (tmp_path / "edge.yaml").write_text(HEAD)
    found = addition(tmp_path, WEB)
    (tmp_path / "edge.yaml").write_text(f"{HEAD}# more\n")
    with pytest.raises(LockedError, match="changed at the same time"):
        write_edit(tmp_path, found.edit)
    assert (tmp_path / "edge.yaml").read_text() == f"{HEAD}# more\n"


def test_a_wrong_spec_is_not_extended(tmp_path: Path) -> None:
    (tmp_path / "edge.yaml").write_text("name: shop\nservces: {}\n")
    with pytest.raises(SpecError, match="servces"):
        addition(tmp_path, WEB)

"""edge.yaml in VS Code: its YAML server completes, explains and checks the file with the schema of the project.

The places and the words are written down here: nothing is taken from the models or the schema.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Edgegen
from tests.editor.server import YamlServer
from tests.npm.folder import locked

pytestmark = pytest.mark.slow

HEAD = "# yaml-language-server: $schema=.edgegen/schema.json\nname: shop\n"
KINDS = {"registry", "registry-cache", "container", "redirect", "external", "tcp"}


class Editor:
    """A project that is open in an editor. `^` in a text is the cursor."""

    def __init__(self, server: YamlServer, project: Path) -> None:
        self.server = server
        self.project = project
        self._files = 0

    def wrong(self, text: str) -> dict[int, list[str]]:
        """Line (from 1) -> what the editor says there."""
        found: dict[int, list[str]] = {}
        for item in self._opened(text)[1]:
            found.setdefault(item["range"]["start"]["line"] + 1, []).append(item["message"])
        return found

    def completions(self, text: str) -> dict[str, str]:
        """What can be chosen at the cursor -> the text that it inserts."""
        file, _, line, column = self._at(text)
        return {item["label"]: item.get("insertText", "") for item in self.server.complete(file, line, column)}

    def hover(self, text: str) -> str:
        """What is shown at the cursor, without the link to the schema."""
        file, _, line, column = self._at(text)
        return self.server.hover(file, line, column).partition("\n\nSource: ")[0]

    def _at(self, text: str) -> tuple[Path, list[dict], int, int]:
        before = f"{HEAD}{text}".partition("^")[0]
        file, wrong = self._opened(text.replace("^", "", 1))
        return file, wrong, before.count("\n"), len(before) - before.rfind("\n") - 1

    def _opened(self, text: str) -> tuple[Path, list[dict]]:
        self._files += 1
        file = self.project / f"{self._files}.yaml"
        file.write_text(f"{HEAD}{text}")
        return file, self.server.open(file)


@pytest.fixture(scope="module")
def editor(edgegen: Edgegen, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    project = tmp_path_factory.mktemp("project")
    assert edgegen("init", "web", "example.com", cwd=project).code == 0
    program = locked("yaml-language-server") / "yaml-language-server/bin/yaml-language-server"
    with YamlServer(program, project) as server:
        yield Editor(server, project)


def test_a_new_project_has_nothing_wrong(editor: Editor) -> None:
    assert editor.server.open(editor.project / "edge.yaml") == []


COMPLETIONS = {
    "the top": ("^", {"services", "domains", "acme", "edge", "environments"}, {"name", "image", "host"}),
    "the target": ("target: ^", {"compose", "swarm"}, {"k8s"}),
    "certificates": ("acme:\n  ^", {"email", "challenge", "ca", "dns_token"}, {"port", "kind"}),
    "a closed list": ("acme:\n  challenge: ^", {"http", "tls", "dns"}, set()),
    "a domain": ("domains:\n  example.com:\n    ^", {"addresses", "proxied", "records", "ttl"}, {"image"}),
    "a kind": ("services:\n  hub:\n    kind: ^", KINDS, {"compress"}),
    "a registry": (
        "services:\n  hub:\n    kind: registry\n    ^", {"host", "users", "storage", "anonymous"},
        {"port", "build", "environment", "upstream", "to"},
    ),
    "a container": (
        "services:\n  web:\n    image: a:1\n    ^", {"port", "host", "healthcheck", "environment"},
        {"users", "upstream", "listen", "to"},
    ),
    "a redirect": ("services:\n  old:\n    kind: redirect\n    ^", {"to", "keep_path", "host"}, {"image", "port"}),
    "a middleware's kind": ("middlewares:\n  m:\n    kind: ^", {"rate-limit", "basic-auth", "secure-headers"}, KINDS),
    "a middleware's options": ("middlewares:\n  m:\n    kind: rate-limit\n    ^", {"average", "burst"}, {"users"}),
    "an authority": ("acme:\n  ca: ^", {"letsencrypt", "letsencrypt-staging", "zerossl", "local"}, set()),
    "an address": ("domains:\n  example.com:\n    addresses: [^]", {"auto", "auto6"}, set()),
    "an overlay": ("environments:\n  dev:\n    ^", {"services", "acme", "domains", "edge"}, {"environments", "image"}),
    "a service of an overlay": (
        "environments:\n  dev:\n    services:\n      web:\n        ^", {"ports", "build", "users"}, {"services"},
    ),
    "true or false": ("domains:\n  example.com:\n    proxied: ^", {"true", "false"}, set()),
}  # fmt: skip


@pytest.mark.parametrize("place", COMPLETIONS)
def test_completion(editor: Editor, place: str) -> None:
    text, offered, absent = COMPLETIONS[place]
    found = editor.completions(text)
    assert offered <= found.keys()
    assert not absent & found.keys()


def test_a_completion_brings_an_example(editor: Editor) -> None:
    found = editor.completions("middlewares:\n  m:\n    kind: rate-limit\n    ^")
    assert found["average"] == "average: ${1:100}"


WEB = "services:\n  web:\n    image: nginx:1.27\n    port: 80\n    host: www.example.com\n"
HOVERS = {
    "name": ("services: {}\ntarg^et: swarm\n", "compose (one host) or swarm (many hosts).", "swarm"),
    "acme": ("acme:\n  ema^il: a@b.example\n", "Contact address of the account.", "ops@commenthouse.com"),
    "a domain's key": ("domains:\n  example.com:\n    ca^a: true\n", "Publish CAA records that allow only", "true"),
    "a service": (WEB.replace("web:", "w^eb:"), "A container of any image.", ""),
    "an image": (WEB.replace("image", "im^age"), "Image reference, pinned", "ghcr.io/acme/web:1.4"),
    "a port": (WEB.replace("port", "po^rt"), "The port that the container listens on", "3000"),
    "a text of several lines": (f"{WEB}    heal^th_path: /\n", "sends no other request to a container", "/healthz"),
    "a registry": (
        "services:\n  hub:\n    kind: registry\n    host: r.example.com\n    us^ers: [ci]\n",
        "Users. Their passwords are generated once and shown once.", "- ci\n- alice",
    ),
    "a kind": (
        "services:\n  hub:\n    ki^nd: registry\n    users: [ci]\n", "It decides which other keys there are.",
        "registry",
    ),
    "a middleware's option": (
        "middlewares:\n  m:\n    kind: ip-allow-list\n    source_ra^nge: [192.0.2.1]\n", "Addresses and ranges.",
        "- 198.51.100.0/24",
    ),
    "one in place": (f"{WEB}    middlewares: [{{kind: rate-limit, aver^age: 1}}]\n", "Requests per period.", "100"),
    "a word among others": ("acme: {c^a: local}\n", "edgegen's own authority in", "letsencrypt-staging"),
    "an edge": ("ed^ge: none\n", "no Traefik and no labels", "image: traefik:v3.7\nhttp3: true"),
    "a key of an overlay": (
        "environments:\n  dev:\n    services:\n      web: {ima^ge: a:1}\n", "Image reference, pinned",
        "ghcr.io/acme/web:1.4",
    ),
    "a secret": ("secrets:\n  s: {gen^erate: 32}\n", "Generate so many characters, once.", "32"),
}  # fmt: skip


@pytest.mark.parametrize("place", HOVERS)
def test_hover(editor: Editor, place: str) -> None:
    text, said, example = HOVERS[place]
    found = editor.hover(text)
    assert said in found
    assert not example or f"Example:\n\n```yaml\n{example}\n```" in found
    assert "||" not in found  # how the server joins what it can't tell apart
    assert "\n    " not in found.partition("Example:")[0]


WRONG = {
    "a container's key in a registry": (
        "services:\n  hub:\n    kind: registry\n    host: r.example.com\n    port: 5000\n",
        {7: ["Property port is not allowed."]},
    ),
    "a key that nothing has": (
        "services:\n  web:\n    image: a:1\n    imgae: b\n", {6: ["Property imgae is not allowed."]},
    ),
    "an unknown kind": (
        "services:\n  hub:\n    kind: registy\n    users: [ci]\n",
        {5: ['Value is not accepted. Valid values: "registry", "registry-cache", "container", "redirect", "external", '
             '"tcp".']},
    ),
    "a port that is missing": (
        "services:\n  web:\n    image: a:1\n    host: w.example.com\n", {4: ['Missing property "port".']},
    ),
    "a port in quotes": (
        'services:\n  web:\n    image: a:1\n    port: "80"\n', {6: ['Incorrect type. Expected "integer".']},
    ),
    "a word that is no flag": ('networks:\n  n: {internal: "no"}\n', {4: ['Incorrect type. Expected "boolean".']}),
    "a closed list": ("target: k8s\n", {3: ['Value is not accepted. Valid values: "compose", "swarm".']}),
    "what another value needs": ("acme: {ca: zerossl}\n", {3: ['Missing property "eab".']}),
    "an option of another middleware": (
        "middlewares:\n  m:\n    kind: compress\n    average: 1\n", {6: ["Property average is not allowed."]},
    ),
    "a key of an overlay that nothing has": (
        "environments:\n  dev:\n    services:\n      web:\n        imgae: b\n", {7: ["Property imgae is not allowed."]},
    ),
    "two sources of a secret": (
        "secrets:\n  s: {env: A, generate: 32}\n", {4: ["Object has more properties than limit of 1."]},
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", WRONG)
def test_a_wrong_file(editor: Editor, fault: str) -> None:
    """One fault, one remark, at its line."""
    text, said = WRONG[fault]
    assert editor.wrong(text) == said


def test_examples_are_right_in_an_editor(editor: Editor) -> None:
    tried = 0
    for file in sorted((Path(__file__).parents[2] / "examples").glob("*/edge.yaml")):
        body = file.read_text()
        copy = editor.project / f"example-{file.parent.name}.yaml"
        copy.write_text(f"{HEAD.partition(chr(10))[0]}\n{body}")
        assert editor.server.open(copy) == [], file
        tried += 1
    assert tried > 10


def test_a_schema_that_takes_everything_is_noticed(editor: Editor) -> None:
    """What the tests above see comes from the project's schema, and not from the server itself."""
    (editor.project / "open.json").write_text("{}")
    file = editor.project / "open.yaml"
    file.write_text("# yaml-language-server: $schema=open.json\nname: shop\ntarget: k8s\n")
    assert editor.server.open(file) == []
    assert editor.server.complete(file, 2, 8) == []

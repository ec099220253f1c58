"""Every public host lies in a domain of the spec, or is told with its line and what was meant."""

from __future__ import annotations

import pytest

from edgegen.core.errors import SpecError
from edgegen.core.reserved import is_reserved
from edgegen.spec.load import load_text

DOMAINS = "name: a\ndomains: {commenthouse.com: {}, example.co.uk: {}}\n"


def told(text: str) -> list[tuple[str, str, str]]:
    with pytest.raises(SpecError) as caught:
        load_text(text.encode())
    assert caught.value.exit_code == 2
    return [(str(problem.where), problem.message, problem.hint) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("host", "meant"),
    [
        ("www.comenthouse.com", "did you mean `www.commenthouse.com`?"),
        ("comenthouse.com", "did you mean `commenthouse.com`?"),
        ("a.b.commenthouse.con", "did you mean `a.b.commenthouse.com`?"),
        ("www.exmaple.co.uk", "did you mean `www.example.co.uk`?"),
        ("*.commenthuose.com", "did you mean `*.commenthouse.com`?"),
        ("www.somebody-else.org", "add its domain; with `provider: none` if its DNS is kept elsewhere"),
        ("notcommenthouse.com", "did you mean `commenthouse.com`?"),
    ],
)
def test_a_host_that_no_domain_covers(host: str, meant: str) -> None:
    text = f'{DOMAINS}services:\n  web:\n    image: "w:1"\n    port: 80\n    host: "{host}"\nacme: {{challenge: dns}}\n'
    assert told(text) == [("edge.yaml:7:11", f"no domain of `domains:` covers `{host}`", meant)]


def test_every_place_of_a_host() -> None:
    text = f"""{DOMAINS}services:
  web: {{image: "w:1", port: 80, host: www.commenthouse.com, aliases: [commenthouse.com, old.other.net]}}
  hub: {{kind: registry, host: r.other.net, users: [me]}}
  gone: {{kind: redirect, host: gone.other.net, to: "https://example.org", aliases: [went.other.net]}}
  pg: {{kind: tcp, image: "p:1", host: pg.other.net, entrypoint: pg, listen: 5432, port: 5432}}
  nas: {{kind: external, host: nas.other.net, url: "http://192.0.2.1"}}
edge: {{dashboard: {{host: dash.other.net, users: [me]}}}}
"""
    names = [message.split("`")[3] for _, message, _ in told(text)]
    assert names == [f"{name}.other.net" for name in ("old", "r", "gone", "went", "pg", "nas", "dash")]


@pytest.mark.parametrize("host", ["web.localhost", "a.b.test", "x.example", "nas.local", "r.home.arpa", "x.internal"])
def test_reserved_names_need_no_domain(host: str) -> None:
    loaded = load_text(f'{DOMAINS}services: {{web: {{image: "w:1", port: 80, host: {host}}}}}'.encode())
    assert loaded.spec.zone_of(host) is None


def test_names_that_only_look_reserved() -> None:
    assert not any(map(is_reserved, ["localhost.com", "home.arpa.org", "arpa", "mytest", "example.com", "www.tests"]))


def test_a_spec_without_domains_is_taken() -> None:
    load_text(b'name: a\nservices: {web: {image: "w:1", port: 80, host: www.example.org}}')


def test_settings_for_a_host_that_its_domain_does_not_hold() -> None:
    text = """\
name: a
domains:
  commenthouse.com:
    hosts:
      www.comenthouse.com: {ttl: 300}
      x.sub.commenthouse.com: {ttl: 300}
      www.commenthouse.com: {ttl: 300}
  sub.commenthouse.com: {}
"""
    assert told(text) == [
        ("edge.yaml:5:7", "`www.comenthouse.com` does not lie in `commenthouse.com`",
         "did you mean `www.commenthouse.com`?"),
        ("edge.yaml:6:7", "`x.sub.commenthouse.com` does not lie in `commenthouse.com`",
         "move it to `domains.sub.commenthouse.com.hosts`"),
    ]  # fmt: skip

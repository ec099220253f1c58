"""Where the real Traefik sends a request to a redirect whose target has a query."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from edgegen.kinds.routing import redirect_to
from tests.traefik.process import Traefik, running

pytestmark = pytest.mark.lab

TARGETS = {
    "plain": ("https://x.test/y", True),
    "query": ("https://x.test/y/?a=b&c=$1&d={x}", True),
    "root": ("https://x.test?a=b", True),
    "empty": ("https://x.test/?", True),
    "fixed": ("https://x.test/y/?a=b$2", False),
    "fixed-root": ("https://x.test", False),
}
ASKED = [
    ("plain", "/", "https://x.test/y/"),
    ("plain", "/p?q=1", "https://x.test/y/p?q=1"),
    ("query", "/", "https://x.test/y/?a=b&c=$1&d={x}"),
    ("query", "/p/q", "https://x.test/y/p/q?a=b&c=$1&d={x}"),
    ("query", "/p?q=1&r=2", "https://x.test/y/p?a=b&c=$1&d={x}&q=1&r=2"),
    ("query", "/p?q=?x", "https://x.test/y/p?a=b&c=$1&d={x}&q=?x"),
    ("query", "/p%3Fq?r=%26", "https://x.test/y/p%3Fq?a=b&c=$1&d={x}&r=%26"),
    ("query", "/p?", "https://x.test/y/p?a=b&c=$1&d={x}"),
    ("root", "/?q=1", "https://x.test/?a=b&q=1"),
    ("root", "/p", "https://x.test/p?a=b"),
    ("empty", "/p?q=1", "https://x.test/p?q=1"),
    ("fixed", "/p?q=1", "https://x.test/y/?a=b$2"),
    ("fixed-root", "/p?q=1", "https://x.test"),
]


@pytest.fixture(scope="module")
def edge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Traefik]:
    folder: Path = tmp_path_factory.mktemp("dynamic")
    routers, middlewares = {}, {}
    for name, (url, keep_path) in TARGETS.items():
        chain = {
            f"{name}-{index}": item.dynamic()
            for index, item in enumerate(redirect_to(url, keep_path=keep_path, permanent=True))
        }
        middlewares |= chain
        rule = f"Host(`{name}.test`)"
        routers[name] = {"rule": rule, "entryPoints": ["web"], "middlewares": list(chain), "service": "noop@internal"}
    (folder / "all.yml").write_text(yaml.safe_dump({"http": {"routers": routers, "middlewares": middlewares}}))
    with running([f"--providers.file.directory={folder}"]) as traefik:
        traefik.until(lambda data: "fixed-root@file" in data.get("routers", {}))
        yield traefik


@pytest.mark.parametrize(("name", "path", "location"), ASKED)
def test_the_query_of_the_target_comes_first(edge: Traefik, name: str, path: str, location: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", edge.web_port, timeout=60)
    connection.putrequest("GET", path, skip_host=True)
    connection.putheader("Host", f"{name}.test")
    connection.endheaders()
    answer = connection.getresponse()
    connection.close()
    assert (answer.status, answer.getheader("Location")) == (301, location)

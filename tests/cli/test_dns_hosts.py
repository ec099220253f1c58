"""`edgegen dns` for hosts without an address, for names kept elsewhere, and for a domain within a larger zone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.test_dns import run
from tests.fakes.cloudflare import in_thread

HUB = "r.commenthouse.com"
SERVICES = f"services: {{registry: {{kind: registry, host: {HUB}, users: [ci]}}}}\n"


def spec(folder: Path, domains: str) -> Path:
    (folder / "edge.yaml").write_text(f"name: commenthouse\n{SERVICES}domains: {domains}\n")
    return folder


@pytest.mark.slow
def test_a_host_without_an_address_is_a_conflict(tmp_path: Path) -> None:
    with in_thread() as fake:
        fake.ask("zone", name="commenthouse.com")
        spec(tmp_path, "{commenthouse.com: {}}")
        for command in ("plan", "sync"):
            done = run(tmp_path, command, url=fake.url)
            assert done.returncode == 3
            assert f"edge.yaml:2:45 services.registry.host: `{HUB}` has no address" in done.stderr
            assert "domains: {commenthouse.com: {addresses: [auto]}}" in done.stderr
        assert fake.ask("state")["log"] == []
        for domains in (
            "{commenthouse.com: {addresses: [192.0.2.1]}}",
            f"{{commenthouse.com: {{hosts: {{{HUB}: {{cname: edge.example.net}}}}}}}}",
            '{commenthouse.com: {records: [{type: A, name: "*", content: 192.0.2.1}]}}',
            "{commenthouse.com: {ignore: [r.*]}}",
        ):
            assert run(spec(tmp_path, domains), "plan", url=fake.url).returncode == 0, domains


def test_names_that_are_kept_elsewhere(tmp_path: Path) -> None:
    spec(tmp_path, "{commenthouse.com: {provider: none}}")
    for command in ("plan", "sync"):
        done = run(tmp_path, command, token=None)
        assert done.returncode == 0, done.stderr
        assert "edge.yaml:3:10" in done.stderr
        assert "no records to sync" in done.stderr
        assert "only by its name" not in done.stderr
    assert run(tmp_path, "export", token=None).stdout.strip() == ""
    assert run(tmp_path, "export", "commenthouse.com", token=None).returncode == 2


def test_a_name_kept_elsewhere_beside_one_that_is_kept_here(tmp_path: Path) -> None:
    here = 'example.org: {provider: zonefile, records: [{type: TXT, name: here, content: "x"}]}'
    spec(tmp_path, f"{{commenthouse.com: {{provider: none, addresses: [auto]}}, {here}}}")
    assert run(tmp_path, "sync", token=None).returncode == 0, "this machine's own address is not asked for"
    text = (tmp_path / "dns/example.org.zone").read_text()
    assert "here" in text
    assert HUB not in text


def test_a_domain_within_a_larger_zone(tmp_path: Path) -> None:
    with in_thread() as fake:
        fake.ask("zone", name="commenthouse.com")
        spec(tmp_path, f"{{{HUB}: {{addresses: [192.0.2.1]}}}}")
        assert run(tmp_path, "sync", url=fake.url).stdout.strip() == f"{HUB}: 1 change made"
        rows = fake.ask("state")["zones"]["commenthouse.com"]
        assert [(row["name"], row["content"]) for row in rows] == [(HUB, "192.0.2.1")]
        told = run(tmp_path, "check-token", url=fake.url)
        assert told.returncode == 0
        assert f"{HUB}" in told.stdout
        assert "in commenthouse.com" in told.stdout
        assert "too-wide" not in told.stdout


@pytest.mark.slow
def test_without_an_edge_nothing_is_pruned(tmp_path: Path) -> None:
    """The records of the other environments would all look unwanted."""
    (tmp_path / "edge.yaml").write_text(
        "name: shop\n"
        "services: {web: {image: 'w:1', port: 80, host: www.example.org, ports: ['127.0.0.1:3000:80']}}\n"
        "domains: {example.org: {provider: zonefile, addresses: [192.0.2.1]}}\n"
        "environments: {bare: {edge: none}}\n"
    )
    assert run(tmp_path, "sync", token=None).returncode == 0
    zone = (tmp_path / "dns/example.org.zone").read_bytes()
    for command in ("plan", "sync"):
        done = run(tmp_path, command, "-e", "bare", "--prune", token=None)
        assert done.returncode == 3, done.stderr
        assert "--prune with `edge: none` would delete the records of every host" in done.stderr
    assert run(tmp_path, "sync", "-e", "bare", token=None).returncode == 0
    assert (tmp_path / "dns/example.org.zone").read_bytes() == zone
    assert run(tmp_path, "plan", "--prune", token=None).returncode == 0

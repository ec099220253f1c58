"""`edgegen dns` as its user runs it, against a Cloudflare in another process, a zone file, and name servers."""

from __future__ import annotations

import contextlib
import html
import itertools
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.cloudflare import TOKEN, Asked, Threaded, in_thread
from tests.fakes.cloudflare_lies import Liar, Lie
from tests.fakes.dns_server import FakeDns, on_one_port
from tests.sizes import sized
from tests.zygote import ZYGOTE

pytestmark = pytest.mark.slow

OLD, NEW, HOST = "34.102.136.180", "157.245.51.137", "commenthouse.com"
SPEC = f"""
name: commenthouse
domains: {{{HOST}: {{addresses: [{NEW}]}}}}
services: {{registry: {{kind: registry, host: {HOST}, users: [ci]}}}}
"""


@pytest.fixture
def cloudflare() -> Iterator[Asked]:
    with in_thread() as fake:
        fake.ask("zone", name=HOST, records=[{"type": "A", "name": HOST, "content": OLD, "ttl": 1}])
        yield fake


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "edge.yaml").write_text(SPEC)
    return tmp_path


def run(project: Path, *words: str, url: str = "", token: str | None = TOKEN) -> subprocess.CompletedProcess[str]:
    env = {key: value for key, value in os.environ.items() if not key.startswith("CLOUDFLARE")}
    if url:
        env["CLOUDFLARE_BASE_URL"] = url
    if token is not None:
        env["CLOUDFLARE_API_TOKEN"] = token
    ran = ZYGOTE.run(["dns", *words, "-C", project], env=env)
    done = subprocess.CompletedProcess(words, ran.code, ran.out, ran.err)
    assert "Traceback" not in done.stderr
    if token:
        assert token not in done.stdout + done.stderr
    return done


def writes(fake: Asked) -> int:
    return sum(entry["method"] != "GET" for entry in fake.ask("state")["log"])


def test_the_run_of_the_mission(cloudflare: Asked, project: Path) -> None:
    shown = run(project, "plan", url=cloudflare.url)
    assert shown.returncode == 3
    assert f"! conflict A     {HOST} -> {NEW}: A {HOST} -> {OLD} was not made by edgegen" in shown.stdout
    assert f"--adopt {HOST}" in shown.stderr
    assert run(project, "sync", url=cloudflare.url).returncode == 3
    cloudflare.ask("oracle", adopted=[HOST])
    done = run(project, "sync", "--adopt", HOST, url=cloudflare.url)
    assert (done.returncode, done.stdout.strip()) == (0, f"{HOST}: 1 change made")
    assert writes(cloudflare) == 1
    again = run(project, "sync", url=cloudflare.url)
    assert (again.returncode, again.stdout.strip()) == (0, f"{HOST}: in step, nothing to do")
    state = cloudflare.ask("state")
    assert writes(cloudflare) == 1
    assert not state["wrong"]
    assert [(r["content"], r["comment"].split(";")[2]) for r in state["zones"][HOST]] == [(NEW, "o=commenthouse")]


def test_detailed_says_whether_something_would_change(cloudflare: Asked, project: Path) -> None:
    assert run(project, "plan", "--detailed", "--adopt", HOST, url=cloudflare.url).returncode == 1
    run(project, "sync", "--adopt", HOST, url=cloudflare.url)
    assert run(project, "plan", "--detailed", url=cloudflare.url).returncode == 0


def test_a_plan_file_is_kept_to_and_a_stale_one_refused(cloudflare: Asked, project: Path) -> None:
    plan = project / "plan.json"
    assert run(project, "plan", "--adopt", HOST, "-o", str(plan), url=cloudflare.url).returncode == 0
    (project / "edge.yaml").write_text(SPEC.replace(NEW, "157.245.51.138"))
    stale = run(project, "sync", "--plan", str(plan), url=cloudflare.url)
    assert stale.returncode == 3
    assert "stale" in stale.stderr
    assert writes(cloudflare) == 0
    (project / "edge.yaml").write_text(SPEC)
    assert run(project, "sync", "--plan", str(plan), url=cloudflare.url).returncode == 0
    assert writes(cloudflare) == 1


def forged(text: str, change: Callable[[dict[str, Any]], object]) -> str:
    body = json.loads(text)
    change(body)
    return json.dumps(body, indent=2) + "\n"


def with_own_digest(body: dict[str, Any]) -> None:
    """The digest that the forged readable part has: anybody can compute it."""
    from edgegen.dns.plan import digest_of

    body["digest"] = digest_of(body["plans"], adopt=body["adopt"], prune=body["prune"], allow_apex=body["allow_apex"])


def another_target(body: dict[str, Any]) -> None:
    body["plans"][0]["changes"][0]["was"]["content"] = "192.0.2.77"


def nothing_to_do(body: dict[str, Any]) -> None:
    body["plans"][0].update(changes=[], counts={})


FORGED: dict[str, Callable[[str], str]] = {
    "shows another address": lambda text: forged(text, another_target),
    "shows nothing": lambda text: forged(text, nothing_to_do),
    "shows nothing, with its own digest": lambda text: forged(
        text, lambda body: (nothing_to_do(body), with_own_digest(body))
    ),
    "shows another address, with its own digest": lambda text: forged(
        text, lambda body: (another_target(body), with_own_digest(body))
    ),
    "prunes too": lambda text: forged(text, lambda body: body.update(prune=True)),
    "counts wrong": lambda text: forged(text, lambda body: body["plans"][0].update(counts={"keep": 1})),
    "has a note": lambda text: forged(text, lambda body: body.update(note="approved")),
    "has plans twice": lambda text: text.replace('"plans": [', '"plans": [],\n  "plans": ['),
    "has a page of nothing": lambda text: text.replace("{", "{" + "\n" * 200, 1),
    "has the digest of another plan": lambda text: forged(text, lambda body: body.update(digest="0" * 64)),
}


@pytest.mark.parametrize("how", FORGED)
def test_a_plan_file_does_nothing_that_it_does_not_show(cloudflare: Asked, project: Path, how: str) -> None:
    """A forged readable part took over a foreign record: its reviewer saw something else."""
    plan = project / "plan.json"
    assert run(project, "plan", "--adopt", HOST, "-o", str(plan), url=cloudflare.url).returncode == 0
    plan.write_text(FORGED[how](plan.read_text()))
    done = run(project, "sync", "--plan", str(plan), url=cloudflare.url)
    assert done.returncode == 3, done.stderr
    assert writes(cloudflare) == 0


@pytest.mark.parametrize(
    "text",
    ["[" * 200_000, '{"a":' * 100_000, "", "{}", "[]", "null", '{"schema_version": 2}', "9" * 5000, "\0", "\xff"],
    ids=range(10),  # pytest puts the name into the environment, and the kernel takes no such variable
)
def test_what_is_no_plan_file_is_said_to_be_none(project: Path, text: str) -> None:
    (project / "plan.json").write_text(text, encoding="latin-1")
    done = run(project, "sync", "--plan", str(project / "plan.json"), url="http://127.0.0.1:1")
    assert done.returncode == 2, done.stderr
    assert "is not a plan" in done.stderr


def test_a_plan_may_delete_the_zones_own_mx_only_if_it_says_so(cloudflare: Asked, project: Path) -> None:
    declared = SPEC.replace(
        "addresses:", "records: [{type: MX, name: '@', content: mail.example.net, priority: 10}], addresses:"
    )
    (project / "edge.yaml").write_text(declared)
    assert run(project, "sync", "--adopt", HOST, url=cloudflare.url).returncode == 0
    (project / "edge.yaml").write_text(SPEC)
    shown = run(project, "plan", "--prune", url=cloudflare.url)
    assert (shown.returncode, "MX of the zone itself stays: --allow-apex deletes it" in shown.stdout) == (0, True)
    assert run(project, "sync", "--prune", url=cloudflare.url).returncode == 0
    plan = project / "plan.json"
    assert run(project, "plan", "--allow-apex", "-o", str(plan), url=cloudflare.url).returncode == 0
    assert run(project, "sync", "--plan", str(plan), "--allow-apex", url=cloudflare.url).returncode == 2
    done = run(project, "sync", "--plan", str(plan), url=cloudflare.url)
    assert done.stdout.strip() == f"{HOST}: 1 change made"
    assert [row["type"] for row in cloudflare.ask("state")["zones"][HOST]] == ["A"]


def test_a_plan_is_written_where_one_points_and_nothing_else_is(
    cloudflare: Asked, project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    run(project, "plan", "--adopt", HOST, "-o", str(elsewhere / "plan.json"), url=cloudflare.url)
    assert [file.name for file in elsewhere.iterdir()] == ["plan.json"]


def test_json_and_markdown(cloudflare: Asked, project: Path) -> None:
    body = json.loads(run(project, "plan", "--adopt", HOST, "--json", url=cloudflare.url).stdout)
    assert (body["schema_version"], body["command"], body["counts"]) == (1, "dns plan", {"update": 1})
    assert body["ok"] is True
    done = run(project, "plan", "--adopt", HOST, "--json", "--detailed", url=cloudflare.url)
    assert (done.returncode, json.loads(done.stdout)["ok"]) == (1, False)
    table = run(project, "plan", "--adopt", HOST, "--format", "markdown", url=cloudflare.url).stdout
    assert f"| update | A | `{HOST}` | `{NEW}` | taken over |" in table


@pytest.mark.parametrize("form", [["--json"], ["--format", "json"]])
def test_a_refused_plan_is_one_object_with_the_plan_and_the_reason(
    cloudflare: Asked, project: Path, form: list[str]
) -> None:
    done = run(project, "plan", *form, url=cloudflare.url)
    body = json.loads(done.stdout)
    assert (done.returncode, body["ok"], body["error"]["exit_code"]) == (3, False, 3)
    assert body["error"]["problems"][0]["message"] in done.stderr
    assert [change["action"] for change in body["plans"][0]["changes"]] == ["conflict", "foreign"]
    assert body["counts"]["conflict"] == 1


def test_a_limit_on_deletes_names_the_number_that_lifts_it(cloudflare: Asked, project: Path) -> None:
    many = ", ".join(f"h{n}.{HOST}" for n in range(40))
    web = f"services: {{web: {{image: 'w:1', port: 80, host: www.{HOST}, aliases: [{many}]}}}}"
    (project / "edge.yaml").write_text(f"name: commenthouse\ndomains: {{{HOST}: {{addresses: [{NEW}]}}}}\n{web}\n")
    assert run(project, "sync", url=cloudflare.url).stdout.strip() == f"{HOST}: 41 changes made"
    (project / "edge.yaml").write_text(
        f"name: commenthouse\ndomains: {{{HOST}: {{addresses: [{NEW}]}}}}\n"
        f"services: {{web: {{image: 'w:1', port: 80, host: www.{HOST}}}}}\n"
    )
    kept = run(project, "sync", url=cloudflare.url)
    assert (kept.returncode, kept.stdout.strip()) == (0, f"{HOST}: in step, nothing to do")
    refused = run(project, "sync", "--prune", url=cloudflare.url)
    assert refused.returncode == 3
    assert "--allow-deletes 40" in refused.stderr
    assert run(project, "sync", "--prune", "--allow-deletes", "39", url=cloudflare.url).returncode == 3
    done = run(project, "sync", "--prune", "--allow-deletes", "40", url=cloudflare.url)
    assert done.stdout.strip() == f"{HOST}: 40 changes made"
    assert not cloudflare.ask("state")["wrong"]


def test_flexible_ssl_before_a_proxied_host_is_refused(project: Path) -> None:
    (project / "edge.yaml").write_text(
        f"name: house\ndomains: {{{HOST}: {{addresses: [{NEW}], proxied: true}}}}\n"
        f"services: {{web: {{image: 'w:1', port: 80, host: www.{HOST}}}}}\n"
    )
    with in_thread() as fake:
        fake.ask("zone", name=HOST, ssl="flexible")
        shown = run(project, "plan", url=fake.url)
        assert shown.returncode == 3
        assert "SSL mode is Flexible" in shown.stderr
        assert run(project, "sync", url=fake.url).returncode == 3
        assert writes(fake) == 0


def test_the_token_is_asked_for_and_never_a_flag(project: Path) -> None:
    missing = run(project, "plan", url="http://127.0.0.1:1", token=None)
    assert missing.returncode == 2
    assert "CLOUDFLARE_API_TOKEN" in missing.stderr
    assert run(project, "sync", "--token", "x", token=None).returncode == 2


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("commenthouse", f"Did you mean `{HOST}`?"),
        ("comenthouse.com", f"Did you mean `{HOST}`?"),
        ("x.example.net", ""),
    ],
)
def test_a_name_to_adopt_that_is_not_whole(cloudflare: Asked, project: Path, name: str, hint: str) -> None:
    done = run(project, "plan", "--adopt", name, url=cloudflare.url)
    assert done.returncode == 2
    said = f"--adopt {name}: the spec has no record of that name"
    assert done.stderr.splitlines()[-1].removeprefix("error[2]: ") == (f"{said}. {hint}" if hint else said)


def test_a_folder_of_an_environment_wants_it_named(project: Path) -> None:
    """Without the overlay its hosts would get the addresses of another environment."""
    overlay = f"environments: {{production: {{domains: {{{HOST}: {{addresses: [{OLD}]}}}}}}}}\n"
    (project / "edge.yaml").write_text(ZONEFILE + overlay)
    assert run(project, "sync", token=None).returncode == 0
    assert ZYGOTE.run(["render", "-e", "production", "-C", project], env=dict(os.environ)).code == 0
    file = project / "dns" / f"{HOST}.zone"
    assert run(project, "sync", "-e", "production", token=None).returncode == 0
    text = file.read_text()
    assert f"{HOST}. 300 IN A {OLD} " in text
    for command in ("plan", "sync", "own"):
        done = run(project, command, token=None)
        assert (done.returncode, file.read_text()) == (3, text)
        assert "last rendered with `-e production`, and no environment is named" in done.stderr
    assert run(project, "status", "--resolver", "127.0.0.1:9", token=None).returncode != 3
    assert run(project, "export", token=None).returncode == 0
    assert run(project, "sync", "-e", "base", token=None).returncode == 0
    assert f"{HOST}. 300 IN A {NEW} " in file.read_text()


def test_an_environment_with_the_same_records_need_not_be_named(project: Path) -> None:
    overlay = "environments: {dev: {acme: {ca: letsencrypt-staging}}}\n"
    (project / "edge.yaml").write_text(ZONEFILE + overlay)
    assert ZYGOTE.run(["render", "-e", "dev", "-C", project], env=dict(os.environ)).code == 0
    assert run(project, "sync", token=None).returncode == 0
    (project / "edge.yaml").write_text(ZONEFILE)
    assert run(project, "sync", token=None).returncode == 3, "nobody knows what the overlay wanted"


def test_check_token(cloudflare: Asked, project: Path) -> None:
    good = run(project, "check-token", url=cloudflare.url)
    assert good.returncode == 0, good.stdout
    assert f"pass     {HOST}: can be read (1 records)" in good.stdout
    bad = run(project, "check-token", url=cloudflare.url, token="another-token-that-is-unknown")
    assert bad.returncode == 1
    assert "fail" in bad.stdout


def test_a_closed_port_is_the_outside_failing(project: Path) -> None:
    done = run(project, "sync", url="http://127.0.0.1:1/client/v4")
    assert done.returncode == 4


ZONEFILE = SPEC.replace("addresses:", "provider: zonefile, addresses:")


def test_a_zone_file_needs_no_account(project: Path) -> None:
    (project / "edge.yaml").write_text(ZONEFILE)
    assert run(project, "sync", token=None).stdout.strip() == f"{HOST}: 1 change made"
    text = (project / "dns" / f"{HOST}.zone").read_text()
    assert f"{HOST}. 300 IN A {NEW} ; edgegen;v1;o=commenthouse;k=" in text
    assert run(project, "sync", token=None).stdout.strip() == f"{HOST}: in step, nothing to do"


def test_export_is_a_zone_file_without_any_provider(project: Path) -> None:
    shown = run(project, "export", token=None)
    assert shown.returncode == 0
    assert f"{HOST}. 300 IN A {NEW}" in shown.stdout
    assert f"warning: no record names the name servers of {HOST}, and without them none loads its file" in shown.stderr
    assert f"write yours in place of ns1.{HOST}" in shown.stderr
    assert f"@ IN NS ns1.{HOST}. ;" in shown.stdout
    assert run(project, "export", "commenthose.com", token=None).returncode == 2


def test_a_zone_file_that_no_name_server_would_load_is_named_until_it_is_right(project: Path) -> None:
    (project / "edge.yaml").write_text(ZONEFILE)
    for command in ("export", "plan", "sync"):
        assert "declare yours under `records`" in run(project, command, token=None).stderr
    server = "provider: zonefile, records: [{type: NS, name: '@', content: ns1.example.net}], addresses:"
    (project / "edge.yaml").write_text(SPEC.replace("addresses:", server))
    for command in ("export", "plan", "sync"):
        assert "name server" not in run(project, command, token=None).stderr


ODD = {
    "a space": "mail example.net",
    "a line break": '"mail.example.net.\\nwww 60 IN A 6.6.6.6"',
    "a NUL": '"mail\\0.example.net"',
    "a comment": '"mail.example.net; x"',
    "two dots": "mail..example.net",
    "no international name": "xä..b.example.net",
    "too long": "a" * 64 + ".example.net",
    "half a character": '"\\ud800.example.net"',
}


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("command", ["export", "sync"])
def test_an_mx_that_can_not_exist_is_an_error_of_the_spec(project: Path, command: str, odd: str) -> None:
    mx = f"records: [{{type: MX, name: '@', content: {ODD[odd]}, priority: 10}}], addresses:"
    (project / "edge.yaml").write_text(ZONEFILE.replace("addresses:", mx))
    done = run(project, command, token=None)
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert "edge.yaml" in done.stderr
    assert not (project / "dns").exists()


def test_a_null_mx_can_exist(project: Path) -> None:
    mx = "records: [{type: MX, name: '@', content: ., priority: 0}], addresses:"
    (project / "edge.yaml").write_text(ZONEFILE.replace("addresses:", mx))
    assert f"{HOST}. 300 IN MX 0 ." in run(project, "export", token=None).stdout
    assert run(project, "sync", token=None).returncode == 0
    assert "in step" in run(project, "sync", token=None).stdout


def served(address: str) -> str:
    return f"""
{HOST}. 60 IN NS ns1.{HOST}.
{HOST}. 60 IN A {address}
ns1.{HOST}. 60 IN A 127.0.0.1
"""


def test_status_compares_every_place(project: Path) -> None:
    (project / "edge.yaml").write_text(ZONEFILE)
    run(project, "sync", token=None)
    with FakeDns(served(NEW)) as fake:
        ask = ("status", "--resolver", f"127.0.0.1:{fake.port}", "--authority-port", str(fake.port))
        good = run(project, *ask, token=None)
    assert (good.returncode, good.stdout.split()[0]) == (0, "ok")
    with FakeDns(served(OLD)) as fake:
        ask = ("status", "--resolver", f"127.0.0.1:{fake.port}", "--authority-port", str(fake.port))
        bad = run(project, *ask, token=None)
    assert bad.returncode == 1
    assert bad.stdout.startswith("wrong address")
    assert f"authority ns1.{HOST}: {OLD}" in bad.stdout


def test_status_shows_the_forgotten_address_of_the_other_family(project: Path) -> None:
    """The spec has an A; the old server's AAAA is still there, and half the visitors go to it."""
    (project / "edge.yaml").write_text(ZONEFILE)
    run(project, "sync", token=None)
    zone = project / "dns" / f"{HOST}.zone"
    zone.write_text(zone.read_text() + f"{HOST}. 300 IN AAAA 2001:db8::dead\n")
    with FakeDns(served(NEW)) as fake:
        ask = ("--resolver", f"127.0.0.1:{fake.port}", "--authority-port", str(fake.port))
        shown = run(project, "status", *ask, token=None)
        assert run(project, "sync", "--adopt", HOST, "--wait", "5", *ask, token=None).returncode == 0
        after = run(project, "status", *ask, token=None)
    assert shown.returncode == 1
    assert f"differs at the provider  AAAA  {HOST} -> nothing" in shown.stdout
    assert "2001:db8::dead" in shown.stdout
    assert after.returncode == 0, after.stdout


def test_an_authority_that_this_machine_has_no_way_to_is_left_out(project: Path) -> None:
    """As the IPv6 addresses of most name servers are on a machine without IPv6; the kernel refuses this one always."""
    (project / "edge.yaml").write_text(ZONEFILE)
    with FakeDns(served(NEW) + f"ns1.{HOST}. 60 IN A 255.255.255.255\n") as fake:
        ask = ("--resolver", f"127.0.0.1:{fake.port}", "--authority-port", str(fake.port))
        assert run(project, "sync", "--wait", "5", *ask, token=None).returncode == 0


def test_wait_ends_when_the_authorities_say_so_or_in_time(project: Path) -> None:
    (project / "edge.yaml").write_text(ZONEFILE)
    with FakeDns(served(NEW)) as fake:
        ask = ("--resolver", f"127.0.0.1:{fake.port}", "--authority-port", str(fake.port))
        assert run(project, "sync", "--wait", "20", *ask, token=None).returncode == 0
    with FakeDns(served(OLD)) as fake:
        ask = ("--resolver", f"127.0.0.1:{fake.port}", "--authority-port", str(fake.port))
        late = run(project, "sync", "--wait", "1", *ask, token=None)
    assert late.returncode == 1
    assert "wrong address" in late.stderr


CLOUDFLARES = "104.16.1.1"
FLATTENED = f"""
name: commenthouse
domains:
  {HOST}:
    addresses: [{NEW}]
    hosts: {{{HOST}: {{cname: target.example.net}}, www.{HOST}: {{cname: target.example.net, proxied: true}}}}
services: {{web: {{image: "w:1", port: 80, hosts: [{HOST}, www.{HOST}]}}}}
"""


def test_a_cname_that_the_provider_answers_with_addresses_is_in_step(project: Path) -> None:
    """Behind the proxy, and at the zone itself, there is no CNAME to be seen: asked for one, they say there is none."""
    (project / "edge.yaml").write_text(FLATTENED)
    lines = f"{served('192.0.2.80')}www.{HOST}. 60 IN A {CLOUDFLARES}\n"
    with in_thread() as cloudflare, FakeDns(lines) as fake:
        cloudflare.ask("zone", name=HOST)
        ask = ("--resolver", f"127.0.0.1:{fake.port}", "--authority-port", str(fake.port))
        done = run(project, "sync", "--wait", "20", *ask, url=cloudflare.url)
        shown = run(project, "status", *ask, url=cloudflare.url)
    assert (done.returncode, done.stdout.strip()) == (0, f"{HOST}: 2 changes made")
    assert (shown.returncode, [line.split()[0] for line in shown.stdout.splitlines()]) == (0, ["ok", "ok"])


def test_a_proxied_cname_that_leads_elsewhere_is_not_in_step(project: Path) -> None:
    (project / "edge.yaml").write_text(FLATTENED)
    with in_thread() as cloudflare, FakeDns(f"{served(OLD)}www.{HOST}. 60 IN A {OLD}\n") as fake:
        cloudflare.ask("zone", name=HOST)
        ask = ("--resolver", f"127.0.0.1:{fake.port}", "--authority-port", str(fake.port))
        run(project, "sync", url=cloudflare.url)
        shown = run(project, "status", *ask, url=cloudflare.url)
    assert shown.returncode == 1
    assert "wrong address            CNAME www." in shown.stdout


def test_a_wait_asks_the_resolver_for_no_record(project: Path) -> None:
    """A resolver that is asked too early denies the name for as long as the zone lets it."""
    (project / "edge.yaml").write_text(ZONEFILE)
    resolver = FakeDns(f"{HOST}. 60 IN NS ns1.{HOST}.\nns1.{HOST}. 60 IN A 127.0.0.2\n")
    authority = FakeDns(served(NEW), address="127.0.0.2")
    with on_one_port(resolver, authority):
        ask = ("--resolver", f"127.0.0.1:{resolver.port}", "--authority-port", str(resolver.port))
        assert run(project, "sync", "--wait", "20", *ask, token=None).returncode == 0
    assert (f"{HOST}.", "A") in authority.asked
    assert {name for name, kind in resolver.asked if kind != "NS"} == {f"ns1.{HOST}."}


def test_a_wait_that_fails_after_changes_does_not_say_that_nothing_was_changed(project: Path) -> None:
    """The name servers of a zone that was bought a minute ago can't be found."""
    with in_thread() as cloudflare, FakeDns("other.test. 60 IN A 192.0.2.1\n") as fake:
        cloudflare.ask("zone", name=HOST)
        ask = ("--wait", "1", "--resolver", f"127.0.0.1:{fake.port}", "--authority-port", str(fake.port))
        done = run(project, "sync", "--json", *ask, url=cloudflare.url)
        again = run(project, "sync", *ask, url=cloudflare.url)
        assert writes(cloudflare) == 1
    assert done.returncode == json.loads(done.stdout)["error"]["exit_code"] == 5
    assert f"1 changed), but the name servers of {HOST} can't be found: nxdomain" in done.stderr
    assert again.returncode == 4


def test_a_wait_lasts_until_the_name_servers_of_a_new_zone_appear(project: Path) -> None:
    (project / "edge.yaml").write_text(ZONEFILE)
    asked: list[str] = []

    def registered_late(name: str, kind: str) -> tuple[str, list[str]]:
        asked.append(kind)
        if asked.count("NS") < 2:
            return "NXDOMAIN", []
        return "NOERROR", [line for line in served(NEW).split("\n") if line.startswith(name) and f" {kind} " in line]

    with FakeDns(behave=registered_late) as fake:
        ask = ("--resolver", f"127.0.0.1:{fake.port}", "--authority-port", str(fake.port))
        assert run(project, "sync", "--wait", "30", *ask, token=None).returncode == 0
    assert asked.count("NS") == 2


def test_a_wrong_resolver_is_found_before_anything_is_written(cloudflare: Asked, project: Path) -> None:
    ask = ("--adopt", HOST, "--wait", "1", "--resolver", "ns1.example.com")
    assert run(project, "sync", *ask, url=cloudflare.url).returncode == 2
    assert writes(cloudflare) == 0


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_a_long_wait(cloudflare: Asked, project: Path, number: int, code: int) -> None:
    cloudflare.ask("fault", kind="status", status=429, headers={"Retry-After": "200"}, nth=0)
    with started(project, "sync", url=cloudflare.url) as child:
        until = time.monotonic() + 60
        while not cloudflare.ask("state")["log"]:
            assert time.monotonic() < until, "no request was sent"
            time.sleep(0.05)  # the fake has to be asked what it was asked
        child.send_signal(number)
        assert child.wait(60) == code
    assert writes(cloudflare) == 0


CANARY = "canary-0123456789abcdef-token"


VERBOSE = (("sync", "-v"), ("plan", "-v"), ("check-token", "-v"), ("sync", "--json", "-v"))
FAULTS: tuple[dict[str, object], ...] = ({"kind": "status", "status": 403}, {"kind": "html"}, {"kind": "null"})
SOME_FAULTS = tuple(zip(VERBOSE, (*FAULTS, FAULTS[0]), strict=True))
"""Each command and each fault once. The proof has each command with each fault."""


@pytest.mark.parametrize(("words", "fault"), sized(SOME_FAULTS, tuple(itertools.product(VERBOSE, FAULTS))))
def test_the_token_is_nowhere_to_be_seen(
    cloudflare: Asked, project: Path, words: tuple[str, ...], fault: dict[str, object]
) -> None:
    """Not in what is printed, logged or kept on disk, and in no command line, whatever goes wrong."""
    cloudflare.ask("fault", nth=0, **fault)
    lines: set[bytes] = set()
    with started(project, *words, url=cloudflare.url, token=CANARY, CLOUDFLARE_LOG="debug") as child:
        while child.poll() is None:
            lines |= command_lines()
            if len(lines) and cloudflare.ask("state")["log"]:
                child.send_signal(signal.SIGINT)
                break
        printed = b"".join(child.communicate(timeout=60))
    assert CANARY.encode() not in printed
    assert not any(CANARY.encode() in line for line in lines)
    kept = [file.read_bytes() for file in project.rglob("*") if file.is_file()]
    assert not any(CANARY.encode() in content for content in kept)


def command_lines() -> set[bytes]:
    found = set()
    for name in os.listdir("/proc"):  # noqa: PTH208  # a glob fails when a process ends under it
        if name.isdigit():
            with contextlib.suppress(OSError):
                found.add(Path(f"/proc/{name}/cmdline").read_bytes())
    return found


@contextlib.contextmanager
def started(project: Path, *words: str, url: str, token: str = TOKEN, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    env = {**os.environ, "CLOUDFLARE_BASE_URL": url, "CLOUDFLARE_API_TOKEN": token, **more}
    command = [sys.executable, "-m", "edgegen", "dns", *words, "-C", str(project)]
    child = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        yield child
    finally:
        child.kill()
        child.wait()
        for stream in (child.stdout, child.stderr):
            if stream:
                stream.close()


HOSTILE = ["\x1b]0;owned\x07", "\u202egnp.exe", "\x9b31m"]


@pytest.mark.parametrize("words", [("plan", "-v"), ("plan", "-v", "--format", "markdown"), ("plan", "--json")])
def test_words_of_others_command_no_terminal(project: Path, words: tuple[str, ...]) -> None:
    """Names and contents of foreign records are somebody else's: their bytes never reach the terminal as they are."""
    with in_thread() as fake:
        records = [
            {"type": "TXT", "name": f"t{number}.{HOST}", "content": f"x{text}y", "comment": "edgegen;changed"}
            for number, text in enumerate(HOSTILE)
        ]
        fake.ask("zone", name=HOST, records=records)
        shown = run(project, *words, url=fake.url)
    assert shown.returncode == 0, shown.stderr
    for text in HOSTILE:
        assert text not in shown.stdout + shown.stderr
    if "--json" in words:
        found = {change["content"] for change in json.loads(shown.stdout)["plans"][0]["changes"]}
        assert {f"x{text}y" for text in HOSTILE} <= found
    else:
        told = html.unescape(shown.stdout) if "markdown" in words else shown.stdout
        assert "\\x1b]0;owned" in told, "a record whose mark was changed is reported"


ATTACKS = {
    "half a character": {"content": '"\ud800"', "type": "TXT"},
    "a name of half a character": {"name": f"\udc80.{HOST}"},
    "a NUL": {"content": '"\0"', "type": "TXT"},
    "a line of a plan": {"content": '"x\n  - delete   A     all"', "type": "TXT"},
    "an endless priority": {"content": "m.example.net", "type": "MX", "priority": 10**400},
    "the token": {"content": f'"{TOKEN}"', "type": "TXT"},
    "a mark that is none": {"content": '"x"', "type": "TXT", "comment": "edgegen;\ud800\x1b[2J"},
}


@pytest.mark.parametrize("name", ATTACKS)
@pytest.mark.parametrize("words", [("plan", "-v", "-o", "plan.json"), ("plan", "--json"), ("sync", "--json")])
def test_an_odd_record_of_a_stranger_stops_nothing(project: Path, name: str, words: tuple[str, ...]) -> None:
    """The whole way to the terminal and the plan file: no bug, no token, no line that edgegen did not write."""

    def bend(state: Liar, body: dict[str, Any], sent: dict[str, Any]) -> dict[str, Any]:
        return {
            **body,
            "result": [{**row, **ATTACKS[name]} if row["name"][:2] == "x." else row for row in body["result"]],
        }

    state = Liar(lies=[Lie(bend, "GET")])
    state.seed(state.add_zone(HOST), type="TXT", name=f"x.{HOST}", content='"theirs"')
    with Threaded(state) as served:
        words = tuple(str(project / word) if word == "plan.json" else word for word in words)
        done = run(project, *words, url=served.url)
    assert done.returncode == 0, done.stderr
    assert not any(line.strip().startswith("- delete") for line in done.stdout.splitlines())
    assert not [file for file in project.rglob("*") if file.is_file() and TOKEN.encode() in file.read_bytes()]
    assert not state.oracle.wrong
    if "--json" in words:
        json.loads(done.stdout)

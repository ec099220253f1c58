"""`edgegen verify` as its user runs it: words, exit codes, formats, files."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from xml.etree import ElementTree

import pytest

from edgegen.cli.push_options import parse_size
from edgegen.core.errors import UsageError
from edgegen.verify.checks import CHECKS
from tests.conftest import Edgegen
from tests.fakes.authority_of_tests import Authority, self_signed
from tests.fakes.dns_server import FakeDns
from tests.fakes.tls_servers import Servers, Site
from tests.sizes import sized

pytestmark = pytest.mark.slow

SPEC = """
name: house
services: {web: {image: "w:1", port: 80, host: www.example.com}}
"""


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("1", 1),
        ("1048576", 1048576),
        ("110MB", 110_000_000),
        ("110mb", 110_000_000),
        ("110 MB", 110_000_000),
        ("110M", 110_000_000),
        ("5MiB", 5 * 1024**2),
        ("1.5GiB", 3 * 512 * 1024**2),
        ("64KiB", 65536),
        ("2kB", 2000),
        ("7B", 7),
        ("64GiB", 64 * 1024**3),
    ],
)
def test_sizes(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize(
    "text", ["", "0", "0MB", "-1", "1e9", "MB", "110TB", "110 M B", "65GiB", "٣MB", "1" * 40, "nan"]
)
def test_what_is_no_size(text: str) -> None:
    with pytest.raises(UsageError, match="--push-size"):
        parse_size(text)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["http://www.example.com"], "https://www.example.com"),
        (["https://ci:canary@r.example.com"], "must not contain a user or a password"),
        (["https://localhost"], "no dot"),
        (["www.example.org"], "https://www.example.org"),
        (["wbe"], "Did you mean `web`?"),
        (["--push-size", "x", "https://r.example.com/v2/"], "--push-size"),
        (["--push-slow", "-1"], "--push-slow"),
        (["--push-slow", "nan"], "--push-slow"),
        (["--wait", "nan"], "--wait"),
        (["--wait", "-1"], "--wait"),
        (["--timeout", "0"], "--timeout"),
        (["--connect-to", "a:b"], "--connect-to"),
        (["--resolver", "x"], "resolver"),
        (["--profile", "modern"], "--profile"),
        (["--format", "xml"], "--format"),
        (["-e", "nowhere"], "environment"),
        (["--registry"], "--registry"),
        (["--push", "--no-login"], "--push needs a login, but --no-login forbids one"),
        (["--push-size", "5MB", "--no-login"], "--push needs a login"),
        (["--junit", "-"], "--junit names no file"),
        (["--html", ""], "--html names no file"),
        (["--junit", "r", "--html", "./r"], "--junit and --html name one file, r"),
        (["--push"], "none of the checked hosts is a registry that accepts pushes"),
        (["--push-slow", "70", "https://www.example.com/"], "https://HOST/v2/"),
    ],
)
def test_what_is_wrong_with_the_words_is_exit_2(edgegen: Edgegen, tmp_path: Path, words: list[str], said: str) -> None:
    (tmp_path / "edge.yaml").write_text(SPEC)
    resolver = [] if "--resolver" in words else ["--resolver", "127.0.0.1:1"]
    done = edgegen("verify", *words, *resolver, cwd=tmp_path)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert "canary" not in done.err
    assert len(re.findall(r"^error\[2\]: ", done.err, re.M)) == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--format", "github"], "two formats of one output"), (["--format", "markdown"], "two formats of one output"),
        (["--checks"], "`edgegen rules --json`"),
    ],
)  # fmt: skip
def test_two_forms_of_one_output_are_exit_2(edgegen: Edgegen, tmp_path: Path, words: list[str], said: str) -> None:
    done = edgegen("verify", "https://a.test", "--json", *words, cwd=tmp_path)
    assert done.code == 2
    assert said in done.err
    assert json.loads(done.out)["error"]["exit_code"] == 2


def test_a_file_of_authorities_that_is_not_there_is_exit_7(edgegen: Edgegen, tmp_path: Path) -> None:
    done = edgegen("verify", "https://a.test", "--ca-file", "no.pem", "--resolver", "127.0.0.1:1", cwd=tmp_path)
    assert done.code == 7
    assert "no.pem" in done.err


def test_a_project_without_a_spec(edgegen: Edgegen, tmp_path: Path) -> None:
    done = edgegen("verify", "--resolver", "127.0.0.1:1", "--json", cwd=tmp_path)
    assert done.code == 2
    assert json.loads(done.out)["error"]["problems"][0]["message"].startswith("there is no `")


def test_the_pages_of_the_checks(edgegen: Edgegen, tmp_path: Path) -> None:
    """Without a spec, and without a look at anything."""
    done = edgegen("verify", "--checks", cwd=tmp_path)
    assert done.code == 0
    assert done.out.count("What it does") == done.out.count("Verdicts\n") == len(CHECKS)


@dataclass(frozen=True)
class Edge:
    """One healthy host and one with a certificate of its own making, at one address."""

    good: str
    bad: str
    options: tuple[str, ...]
    """What finds and trusts them."""


@pytest.fixture(scope="module")
def edge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Edge]:
    middle = Authority.root().intermediate()
    sites = {"www.a.test": Site(middle.issue("www.a.test")), "own.a.test": Site(self_signed("own.a.test"))}
    with Servers() as servers, FakeDns(behave=here) as dns:
        port = servers.tls(sites).port
        found = ("--resolver", f"127.0.0.1:{dns.port}", "--ca-file", middle.write(tmp_path_factory.mktemp("ca")))
        yield Edge(f"https://www.a.test:{port}", f"https://own.a.test:{port}", (*found, "--allow-private"))


def here(name: str, kind: str) -> tuple[str, list[str]]:
    """Every name is at this machine, and has no IPv6."""
    return "NOERROR", [f"{name} 60 IN A 127.0.0.1"] if kind == "A" else []


def test_a_strangers_host_that_is_good(edgegen: Edgegen, tmp_path: Path, edge: Edge) -> None:
    done = edgegen("verify", edge.good, *edge.options, cwd=tmp_path)
    assert (done.code, done.err) == (0, "")
    first, blank, last = done.out.splitlines()
    assert blank == ""
    assert first.startswith(f"good     web        {edge.good.removeprefix('https://')}  Test R1 until ")
    assert last.startswith("1 endpoint: 1 good (")
    assert list(tmp_path.iterdir()) == []
    more = edgegen("verify", edge.good, *edge.options, "-v", cwd=tmp_path).out.splitlines()
    assert len(more) > 5
    assert all(line.lstrip().startswith(("good", "1 endpoint")) for line in more if line)


def test_what_is_bad_is_exit_1_and_says_how_to_mend_it(edgegen: Edgegen, tmp_path: Path, edge: Edge) -> None:
    done = edgegen("verify", edge.good, edge.bad, *edge.options, cwd=tmp_path)
    assert done.code == 1
    assert "self-signed" in done.out
    assert done.out.splitlines()[-1].startswith("2 endpoints: 1 bad, 1 good (")


def test_json_is_one_object(edgegen: Edgegen, tmp_path: Path, edge: Edge) -> None:
    done = edgegen("verify", edge.good, edge.bad, *edge.options, "--json", cwd=tmp_path)
    body = json.loads(done.out)
    assert (body["schema_version"], body["command"], body["ok"], body["incomplete"]) == (1, "verify", False, False)
    assert [(item["url"], item["outcome"]) for item in body["endpoints"]] == [
        (f"{edge.good}/", "good"),
        (f"{edge.bad}/", "bad"),
    ]
    assert {"id", "name", "severity", "outcome", "subject", "message", "where", "hint"} <= set(body["findings"][0])


def test_annotations(edgegen: Edgegen, tmp_path: Path, edge: Edge) -> None:
    done = edgegen("verify", edge.bad, *edge.options, "--format", "github", cwd=tmp_path)
    assert done.code == 1
    assert any(line.startswith("::error") for line in done.out.splitlines())


def test_files_are_written_beside_what_is_printed(edgegen: Edgegen, tmp_path: Path, edge: Edge) -> None:
    words = ("--junit", "out.xml", "--html", "out.html", "--metrics", "out.prom")
    done = edgegen("verify", edge.good, edge.bad, *edge.options, *words, cwd=tmp_path)
    assert done.code == 1
    assert done.out.splitlines()[-1].startswith("2 endpoints")
    assert int(ElementTree.fromstring((tmp_path / "out.xml").read_text()).get("failures", "0")) >= 1
    assert "<html" in (tmp_path / "out.html").read_text()
    assert 'edgegen_verify_endpoints{outcome="bad"} 1\n' in (tmp_path / "out.prom").read_text()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["out.html", "out.prom", "out.xml"]


NO_ANSWER = ("--resolver", "127.0.0.1:1", "--timeout", "1", "--no-login")


def test_a_report_of_a_project_names_it_and_has_its_picture(edgegen: Edgegen, tmp_path: Path) -> None:
    (tmp_path / "edge.yaml").write_text(SPEC + "environments: {dev: {}}\n")
    words = ("-e", "dev", "--html", "out.html", "--metrics", "out.prom", "--format", "markdown")
    done = edgegen("verify", *NO_ANSWER, *words, cwd=tmp_path)
    assert done.code == 4
    assert done.out.startswith("## edgegen verify: The one endpoint could not be checked\n\n`house (dev)` · ")
    page = (tmp_path / "out.html").read_text()
    assert "<title>The one endpoint could not be checked · house (dev) · edgegen verify</title>" in page
    assert "Topology of house (dev)" in page
    assert '{project="house",environment="dev",' in (tmp_path / "out.prom").read_text()
    again = edgegen("verify", *NO_ANSWER, *words, cwd=tmp_path)  # its own reports are replaced
    assert again.code == 4


def test_a_project_that_a_render_refuses_has_a_report_without_a_picture(edgegen: Edgegen, tmp_path: Path) -> None:
    buffered = (
        "kind: registry, users: [ci], host: r.example.com, middlewares: [{kind: buffering, max_request_body_bytes: 9}]"
    )
    spec = f"name: house\nservices: {{r: {{{buffered}}}}}\n"
    (tmp_path / "edge.yaml").write_text(spec)
    assert edgegen("render", "--check", cwd=tmp_path).code == 2
    done = edgegen("verify", *NO_ANSWER, "--html", "out.html", cwd=tmp_path)
    assert done.code == 4
    page = (tmp_path / "out.html").read_text()
    assert "· house · edgegen verify</title>" in page
    assert "Topology" not in page


def test_private_addresses_are_left_alone_unless_they_are_allowed(edgegen: Edgegen, tmp_path: Path, edge: Edge) -> None:
    options = [word for word in edge.options if word != "--allow-private"]
    done = edgegen("verify", edge.good, *options, cwd=tmp_path)
    assert done.code != 0
    assert "127.0.0.1" in done.out


def test_a_detour_needs_neither_the_dns_nor_leave(edgegen: Edgegen, tmp_path: Path, edge: Edge) -> None:
    host, port = edge.good.removeprefix("https://").split(":")
    options = ("--resolver", "127.0.0.1:1", *edge.options[2:4])
    for to in ("127.0.0.1", "localhost"):
        done = edgegen("verify", f"https://{host}", *options, "--connect-to", f"{host}:443:{to}:{port}",
                       "--connect-to", f"{host}:80:{to}:1", "--json", cwd=tmp_path)  # fmt: skip
        body = json.loads(done.out)
        (seen,) = body["endpoints"]
        assert seen["detour"] in ("127.0.0.1", "::1")
        assert [item["address"] for item in seen["addresses"]] == [seen["detour"]]
        if seen["detour"] == "127.0.0.1":
            assert seen["addresses"][0]["state"] == "answers"


def test_a_host_that_becomes_good_is_waited_for(tmp_path: Path) -> None:
    """The edge comes up when edgegen has said that it will look again."""
    middle = Authority.root().intermediate()
    with Servers() as servers, FakeDns(behave=here) as dns:
        early = servers.tls(Site(self_signed("www.a.test")))
        command = [
            sys.executable, "-m", "edgegen", "verify", f"https://www.a.test:{early.port}", "--wait", "60",
            "--allow-private", "--resolver", f"127.0.0.1:{dns.port}", "--ca-file", middle.write(tmp_path),
        ]  # fmt: skip
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
            assert child.stderr is not None
            said = child.stderr.readline()
            assert said == f"0 of 1 good, waiting for www.a.test:{early.port} (certificate-trust)\n"
            servers.close(early)
            servers.tls(Site(middle.issue("www.a.test")), port=early.port)
            out, _ = child.communicate(timeout=90)
    assert child.returncode == 0
    assert out.count("www.a.test") == 1


def test_what_stays_bad_is_printed_when_the_time_is_over(edgegen: Edgegen, tmp_path: Path, edge: Edge) -> None:
    done = edgegen("verify", edge.good, edge.bad, *edge.options, "--wait", "5", cwd=tmp_path)
    assert done.code == 1
    waited, blank, following = done.err.splitlines()
    assert re.fullmatch(r"1 of 2 good, waiting for own\.a\.test:\d+ \(certificate-trust\)", waited)
    assert blank == ""
    assert following.startswith(f"Next: edgegen explain {edge.bad}/ --ca-file ")
    assert done.out.splitlines()[-1].startswith("2 endpoints: 1 bad, 1 good (")


PLANTED = """
import sys
from edgegen.verify.look import address
def broken(*a, **k):
    password = "canary-7781"
    raise KeyError(password)
address.look_at_address = broken
from edgegen.cli import app
sys.exit(app.run(sys.argv[1:]))
"""
WITHOUT_RESOLVER = """
import sys
import dns.resolver
def nobody(*a, **k):
    raise dns.resolver.NoResolverConfiguration
dns.resolver.Resolver = nobody
from edgegen.cli import app
sys.exit(app.run(sys.argv[1:]))
"""


def patched(code: str, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code, "verify", *words]
    return subprocess.run(command, capture_output=True, text=True, env=dict(os.environ), check=False, timeout=60)


def test_a_bug_in_a_probe_is_a_report(edge: Edge) -> None:
    done = patched(PLANTED, edge.good, *edge.options)
    assert (done.returncode, done.stdout) == (70, "")
    assert "KeyError" in done.stderr
    assert "edgegen/verify/pool.py" in done.stderr
    assert "canary" not in done.stderr
    assert "Traceback" not in done.stderr


def test_without_any_resolver_it_is_exit_4(edge: Edge) -> None:
    done = patched(WITHOUT_RESOLVER, edge.good)
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr.startswith("error[4]: this machine has no resolver")
    assert "--resolver" in done.stderr


UNSEEN = """
import sys
import edgegen.project.verify
def look(*a, **k):
    raise SystemExit("something was looked at")
edgegen.project.verify.verify = look
from edgegen.cli import app
sys.exit(app.run(sys.argv[1:]))
"""
FULL = """
import sys
from edgegen.files import ReportFile
from edgegen.core.errors import LocalIOError
def full(*a, **k):
    raise LocalIOError("no space left")
ReportFile.put = full
from edgegen.cli import app
sys.exit(app.run(sys.argv[1:]))
"""


def test_a_file_that_cannot_be_written_is_known_before_the_look(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("elsewhere")
    os.mkfifo(tmp_path / "fifo")
    codes = {"folder": 3, "link": 3, "fifo": 3, "/dev/null": 3, "/dev/stdout": 3, "nowhere/file": 7}
    options = ("--junit", "--html", "--metrics")
    for (name, code), option in sized(
        [*zip(codes.items(), options * 2, strict=True)], [*product(codes.items(), options)]
    ):
        file = tmp_path / name
        done = patched(UNSEEN, "https://a.test", "--resolver", "127.0.0.1:1", option, str(file))
        assert (done.returncode, done.stdout) == (code, "")
        assert done.stderr.startswith(f"error[{code}]: {option} {file}: ")
        assert "mv " not in done.stderr
    assert sorted(file.name for file in tmp_path.iterdir()) == ["fifo", "folder", "link"]


def test_what_was_seen_is_not_lost_with_a_file(tmp_path: Path, edge: Edge) -> None:
    words = (edge.good, *edge.options, "--junit", str(tmp_path / "out.xml"))
    done = patched(FULL, *words)
    assert (done.returncode, done.stderr) == (7, "error[7]: no space left\n")
    assert "1 endpoint: 1 good" in done.stdout
    assert json.loads(patched(FULL, *words, "--json").stdout)["error"]["exit_code"] == 7


def test_a_file_of_variables_that_cannot_be_read_costs_only_the_picture(edgegen: Edgegen, tmp_path: Path) -> None:
    (tmp_path / "edge.yaml").write_text(SPEC.replace('"w:1"', '"w:${TAG}"'))
    (tmp_path / ".env").write_text("A=" + "x" * (1 << 20))
    assert edgegen("graph", cwd=tmp_path).err == "error[2]: .env: is larger than 1048576 bytes\n"
    assert edgegen("verify", *NO_ANSWER, "--html", "out.html", cwd=tmp_path).code == 4
    assert "Topology" not in (tmp_path / "out.html").read_text()


GONE = """
import pathlib, sys
import edgegen.project.verify
look = edgegen.project.verify.verify
def changed(*words):
    pathlib.Path(sys.argv[-1], "edge.yaml").write_text("name: [")
    return look(*words)
edgegen.project.verify.verify = changed
from edgegen.cli import app
sys.exit(app.run(sys.argv[1:]))
"""


def test_what_was_seen_is_not_lost_with_the_spec(tmp_path: Path) -> None:
    """Somebody changes it during a long run."""
    (tmp_path / "edge.yaml").write_text(SPEC)
    done = patched(GONE, *NO_ANSWER, "--html", str(tmp_path / "out.html"), "-C", str(tmp_path))
    assert (done.returncode, done.stderr.count("error")) == (4, 0)
    assert "Topology of house" in (tmp_path / "out.html").read_text()


LOADED = """
import sys
from edgegen.cli import app
code = app.run(sys.argv[1:])
sys.stderr.write("\\nLOADED " + " ".join(sys.modules))
sys.exit(code)
"""


def test_a_strangers_host_needs_nothing_of_a_project(edge: Edge) -> None:
    """Neither what reads a spec, nor what renders, nor what only a push needs.

    Typer itself loads pydantic, and dnspython idna.
    """
    done = patched(LOADED, edge.good, *edge.options)
    assert done.returncode == 0, done.stderr
    modules = set(done.stderr.rpartition("LOADED ")[2].split())
    assert "edgegen.verify.engine" in modules
    assert modules & {"yaml", "jinja2", "requests", "httpx", "cloudflare", "rich", "asyncio"} == set()
    assert not modules & {"edgegen.files", "edgegen.deploy.runner", "edgegen.cli.report.html"}
    of_a_spec = ("edgegen.spec.", "edgegen.kinds", "edgegen.desired", "edgegen.targets", "edgegen.verify.push.")
    assert [name for name in modules if name.startswith(of_a_spec)] == []

"""The command line as a whole: screens, exit codes, one JSON object, no traceback, and what is not loaded."""

from __future__ import annotations

import json
import os
import platform
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import Edgegen

SEEN = Path(__file__).parent / "seen"
Golden = Callable[[Path, str], None]
SCREENS = {
    "help": ["--help"],
    "version": ["--version"],
    "init-help": ["init", "--help"],
    "render-help": ["render", "--help"],
    "registry-help": ["registry", "--help"],
    "registry-user-help": ["registry", "user", "--help"],
    "registry-user-add-help": ["registry", "user", "add", "--help"],
    "schema-help": ["schema", "--help"],
    "unknown-command": ["rendr"],
    "unknown-option": ["render", "--chek"],
    "option-before-command": ["--json", "render"],
    "missing-argument": ["registry", "user", "add"],
    "no-spec": ["render"],
    "init-unknown-template": ["init", "registy", "commenthouse.com"],
    "init-bad-domain": ["init", "registry", "my_site.com"],
    "init-list": ["init", "--list"],
}
WRONG = """\
name: Shop
services:
  web:
    imgae: nginx
    host: www.example.com
    port: 22:22
  hub: {kind: registy, host: r.example.com}
"""


def screen(edgegen: Edgegen, words: list[str], cwd: Path) -> str:
    done = edgegen(*words, cwd=cwd, env={"COLUMNS": "100"})
    heading = "--- stderr\n" if done.err else ""
    return f"$ edgegen {' '.join(words)}\n{done.out}{heading}{done.err}--- exit {done.code}\n"


@pytest.mark.quick(4)
@pytest.mark.parametrize("name", SCREENS)
def test_what_a_person_sees(edgegen: Edgegen, tmp_path: Path, golden: Golden, name: str) -> None:
    golden(SEEN / f"{name}.txt", screen(edgegen, SCREENS[name], tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_what_a_person_sees_of_a_wrong_spec(edgegen: Edgegen, tmp_path: Path, golden: Golden) -> None:
    (tmp_path / "edge.yaml").write_text(WRONG)
    golden(SEEN / "wrong-spec.txt", screen(edgegen, ["render"], tmp_path))
    golden(SEEN / "wrong-spec-json.txt", screen(edgegen, ["render", "--json"], tmp_path))


def test_what_a_person_sees_of_refused_rules(edgegen: Edgegen, tmp_path: Path, golden: Golden) -> None:
    (tmp_path / "edge.yaml").write_text(
        "name: a\ndomains: {example.com: {proxied: true}}\nservices: {hub: {kind: registry, host: r.example.com}}\n"
    )
    golden(SEEN / "refused-rules.txt", screen(edgegen, ["render"], tmp_path))


@pytest.mark.parametrize(
    "words", [[], ["--help"], ["-h"], ["render", "--help"], ["init", "-h"], ["registry"], ["registry", "user"]]
)
def test_help_is_on_stdout_where_it_was_asked_for(edgegen: Edgegen, words: list[str]) -> None:
    done = edgegen(*words)
    asked = any(word in ("--help", "-h") for word in words)
    assert done.code == (0 if asked else 2)
    assert done.out.startswith("Usage: edgegen") if asked else done.err.startswith("Usage: edgegen")


def leaves(edgegen: Edgegen, words: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Every command that does something, groups unfolded."""
    text = edgegen(*words, "--help").out
    if "COMMAND [ARGS]" not in text:
        return [words]
    names = re.findall(r"^  ([a-z][\w-]*)  ", text.partition("Commands:")[2], re.M)
    return [leaf for name in names for leaf in leaves(edgegen, (*words, name))]


@pytest.mark.parametrize("words", [["--version", "--json"], ["--json", "--version"], ["render", "--json", "--version"]])
def test_the_version_as_json(edgegen: Edgegen, words: list[str]) -> None:
    done = edgegen(*words)
    body = json.loads(done.out)
    assert (done.code, done.err) == (0, "")
    assert {key: body[key] for key in ("schema_version", "command", "ok", "findings")} == {
        "schema_version": 1, "command": "version", "ok": True, "findings": [],
    }  # fmt: skip
    assert f"edgegen {body['version']}\n" == edgegen("--version").out
    assert body["python"] == platform.python_version()
    assert (body["implementation"], body["platform"]) == ("cpython", f"linux-{platform.machine()}")


@pytest.mark.slow
def test_every_command_takes_the_common_options(edgegen: Edgegen) -> None:
    edgegen = cache(edgegen)  # each help is read twice
    lines = leaves(edgegen)
    assert {("init",), ("render",), ("up",), ("down",), ("status",), ("logs",), ("schema",)} <= set(lines)
    assert ("registry", "user", "passwd") in lines
    for words in lines:
        text = edgegen(*words, "--help").out
        missing = [option for option in ("-C", "-e", "--json", "-q", "-v", "--help") if option not in text]
        assert missing == [], words
        assert edgegen(*words, "--version").out.startswith("edgegen ")


NAMED_IN_JSON = {
    ("rendr", "--json"): "",
    ("registry", "user", "add", "--json"): "registry user add",
    ("registry", "user", "list", "--json"): "registry user list",
    ("dns", "plan", "--json"): "dns plan",
    ("swarm", "join", "--json"): "swarm join",
    ("--json", "cert", "list"): "cert list",
}
"""The name that a command with subcommands has in its object, which is the same when it succeeds."""


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["render", "--chek", "--json"], 2),
        (["rendr", "--json"], 2),
        (["registry", "user", "add", "--json"], 2),
        (["render", "--json"], 2),
        (["init", "--json"], 2),
        (["init", "registry", "x", "--json"], 2),
        (["registry", "user", "list", "--json"], 2),
        (["status", "--json"], None),
        (["dns", "plan", "--json"], 2),
        (["swarm", "join", "--json"], 2),
        (["--json", "cert", "list"], 2),
    ],
)
def test_json_is_one_object_for_errors_too(
    edgegen: Edgegen, tmp_path: Path, words: list[str], code: int | None
) -> None:
    done = edgegen(*words, cwd=tmp_path)
    body = json.loads(done.out)
    assert body["schema_version"] == 1
    assert body["ok"] is False
    assert body["command"] == NAMED_IN_JSON.get(tuple(words), words[0])
    assert body["error"]["exit_code"] == done.code
    assert code in (None, done.code)
    for problem in body["error"]["problems"]:
        assert set(problem) == {"message", "where", "path", "hint"}


PLANTED = """
import sys
from edgegen.cli import app
import edgegen.project.render
def broken(*a, **k):
    password = "canary-7781"
    raise KeyError(password)
edgegen.project.render.prepare = broken
sys.exit(app.run(["render"]))
"""


@pytest.mark.slow
@pytest.mark.parametrize(("signal", "code"), [("SIGINT", 130), ("SIGTERM", 143)])
def test_what_ends_a_command_early_is_an_object_too(tmp_path: Path, signal: str, code: int) -> None:
    hook = tmp_path / "sitecustomize.py"
    hook.write_text(
        "import edgegen.cli.render as room, os, signal\n"
        f"room.render_project = lambda *_, **__: os.kill(os.getpid(), signal.{signal})\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "edgegen", "up", "--json"], cwd=tmp_path, capture_output=True, text=True, check=False,
        env={"PYTHONPATH": str(tmp_path), "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert done.returncode == code
    body = json.loads(done.stdout)
    assert (body["command"], body["ok"], body["error"]["exit_code"]) == ("up", False, code)
    assert body["error"]["problems"][0]["message"] in done.stderr


@pytest.mark.slow
def test_a_bug_is_an_object_too(tmp_path: Path) -> None:
    script = PLANTED.replace('["render"]', '["render", "--json"]')
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False)
    body = json.loads(done.stdout)
    assert (done.returncode, body["command"], body["error"]["exit_code"]) == (70, "render", 70)
    assert "KeyError" in body["error"]["problems"][0]["message"]
    assert "canary" not in done.stdout


@pytest.mark.slow
def test_a_bug_is_a_report_without_values(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", PLANTED], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 70
    assert "Traceback" not in done.stderr
    assert "canary" not in done.stdout + done.stderr
    assert done.stderr.startswith("error[70]: edgegen has a bug: KeyError. Please report it with these lines:\n")
    assert re.search(r"^  edgegen \d+\.\d+\.\d+, Python 3", done.stderr, re.M)
    assert re.search(r"^  edgegen/cli/render\.py:\d+ render$", done.stderr, re.M)
    assert " /" not in done.stderr  # paths say nothing about the machine


@pytest.mark.parametrize("environment", [{}, {"NO_COLOR": "1"}, {"FORCE_COLOR": "1"}])
def test_no_colour_where_nobody_looks(edgegen: Edgegen, tmp_path: Path, environment: dict[str, str]) -> None:
    done = edgegen("render", cwd=tmp_path, env={"TERM": "xterm-256color", **environment})
    assert "\x1b" not in done.out + done.err


def on_terminal(tmp_path: Path, environment: dict[str, str]) -> str:
    """What edgegen writes to a terminal on stderr."""
    ours, theirs = os.openpty()
    argv = [sys.executable, "-m", "edgegen", "render"]
    env = {"PATH": os.environ["PATH"], "TERM": "xterm", **environment}
    with subprocess.Popen(argv, cwd=tmp_path, stderr=theirs, stdout=subprocess.DEVNULL, env=env) as process:
        os.close(theirs)
        text = b""
        try:
            while part := os.read(ours, 1024):
                text += part
        except OSError:
            pass  # the other side is closed
        os.close(ours)
        assert process.wait(60) == 2
    return text.decode()


@pytest.mark.slow
def test_colour_on_a_terminal_and_never_with_no_color(tmp_path: Path) -> None:
    assert "\x1b[31;1merror[2]\x1b[0m: " in on_terminal(tmp_path, {})
    assert "\x1b" not in on_terminal(tmp_path, {"NO_COLOR": "1"})
    assert "\x1b" not in on_terminal(tmp_path, {"TERM": "dumb"})


@pytest.mark.parametrize(
    "name",
    [
        "evil\x1b]0;title\x07",
        "evil\u202ename",
        "evil\x9b31m",
        "evil\rname",
        "evil\x1b[2J",
        "evil\x1b[31;1mred",
        "evil\nerror[3]: forged",
    ],
)
def test_a_terminal_is_never_commanded_by_a_spec(edgegen: Edgegen, tmp_path: Path, name: str) -> None:
    (tmp_path / "edge.yaml").write_text("name: a\n" + json.dumps(name) + ": 1\n")
    done = edgegen("render", cwd=tmp_path)
    assert done.code == 2
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", done.err)
    assert "evil" in done.err
    assert len(re.findall(r"^error\[", done.err, re.M)) == 1


# What costs time or belongs to other commands, and what only tests need.
HEAVY = {
    "requests",
    "cloudflare",
    "dns",
    "httpx",
    "rich",
    "hypothesis",
    "jsonschema",
    "pytest",
    "idna",
    "asyncio",
}


def loaded_by(words: list[str], cwd: Path) -> set[str]:
    code = (
        "import sys\n"
        f"sys.argv = ['edgegen', *{words!r}]\n"
        "from edgegen.__main__ import main\n"
        "try:\n    main()\nexcept SystemExit as left:\n    assert not left.code, left.code\n"
        # Without those below packages: a stand-in for one of pydantic's modules is there before pydantic is.
        "sys.stderr.write('\\nMODULES ' + ' '.join(sorted(name for name in sys.modules if '.' not in name)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(done.stderr.rpartition("MODULES ")[2].split())


@pytest.mark.slow
def test_what_is_not_loaded(edgegen: Edgegen, tmp_path: Path) -> None:
    assert edgegen("init", "registry", "commenthouse.com", cwd=tmp_path).code == 0
    everything = HEAVY | {"bcrypt"}
    assert loaded_by(["--version"], tmp_path) & (everything | {"pydantic", "yaml", "typer", "jinja2"}) == set()
    assert loaded_by(["--help"], tmp_path) & (everything | {"pydantic", "yaml", "jinja2"}) == set()
    for words in (["render"], ["render", "--check"], ["render", "--stdout"], ["registry", "user", "list"]):
        assert loaded_by(words, tmp_path) & everything == set(), words


def test_a_module_that_should_not_be_loaded_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import asyncio\n")
    os.environ["PYTHONPATH"] = str(tmp_path)
    try:
        assert "asyncio" in loaded_by(["--version"], tmp_path)
    finally:
        del os.environ["PYTHONPATH"]


def test_whoever_reads_may_stop_reading(tmp_path: Path) -> None:
    """`edgegen schema | head -1`: no news, and no traceback."""
    argv = f"{sys.executable} -m edgegen schema | head -c 1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", argv], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
    assert (done.stdout, done.stderr) == ("{0\n", "")


def shell(line: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """A line for bash in which `edgegen` is this one."""
    script = f'edgegen() {{ "{sys.executable}" -m edgegen "$@"; }}; {line}'
    variables = {**os.environ, **environment}
    return subprocess.run(
        ["bash", "-c", script], cwd=folder, env=variables, capture_output=True, text=True, check=False, timeout=60
    )


NOT_TOLD = "edgegen verify https://a.test --resolver 127.0.0.1:1 --timeout 0.2"


@pytest.mark.slow
@pytest.mark.parametrize("options", ["", "--json", "--format github"])
def test_whoever_stops_reading_does_not_change_the_exit_code(tmp_path: Path, options: str) -> None:
    done = shell(f"{NOT_TOLD} {options} | true; echo ${{PIPESTATUS[0]}}", tmp_path)
    assert (done.stdout, done.stderr) == ("4\n", "")


@pytest.mark.slow
@pytest.mark.parametrize("words", ["--help", "--version", "--version --json"])
def test_help_that_nobody_reads_is_no_failure(tmp_path: Path, words: str) -> None:
    assert shell(f"edgegen {words} >&-; echo $?", tmp_path).stdout == "0\n"
    assert shell(f"edgegen {words} | true; echo ${{PIPESTATUS[0]}}", tmp_path).stdout == "0\n"


@pytest.mark.quick(1)
@pytest.mark.parametrize(
    "words",
    [
        "schema",
        "verify --checks",
        "schema --json",
        "--version",
        "--version --json",
        "--help",
        "dns --help",
        "up --help",
    ],
)
def test_a_full_disk_is_exit_7(tmp_path: Path, words: str) -> None:
    done = shell(f"edgegen {words} > /dev/full", tmp_path)
    assert done.returncode == 7
    assert done.stderr == "error[7]: the result can't be written: No space left on device\n"


@pytest.mark.slow
@pytest.mark.parametrize("words", ["lint", "lint compose.yaml", "init web a.test"])
def test_a_folder_that_is_gone_is_no_bug(tmp_path: Path, words: str) -> None:
    done = shell(f'mkdir gone; cd gone; rmdir "$PWD"; edgegen {words}', tmp_path)
    assert done.returncode == 7
    assert done.stderr == "error[7]: the current folder no longer exists. `cd` to a folder that exists\n"


LONG = "x" * 300


@pytest.mark.quick(3)
@pytest.mark.parametrize(
    "words",
    ["verify", "verify www.example.com", "render", "render --check", "up", "down", "status", "logs", "doctor", "lint",
     "explain https://www.example.com", "init web www.example.com", "dns plan", "cert list", "add nginx:1.27 a.test"],
)  # fmt: skip
def test_a_folder_that_nobody_can_ask_for_is_no_bug(edgegen: Edgegen, words: str) -> None:
    """A name that is too long, and for another user than root every folder below one that is closed to this user."""
    done = edgegen(*words.split(), "-C", LONG)
    assert done.code == 7, done.err
    assert done.err.startswith(f"error[7]: {LONG}")


@pytest.mark.slow
@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "<&-", "2>/dev/full"])
def test_a_closed_stream_does_not_change_the_exit_code(tmp_path: Path, closed: str) -> None:
    assert shell(f"{NOT_TOLD} {closed}", tmp_path).returncode == 4
    assert shell(f"edgegen verify --nope {closed}", tmp_path).returncode == 2


@pytest.mark.slow
def test_an_encoding_that_lacks_characters_gets_escapes(tmp_path: Path) -> None:
    done = shell("edgegen verify --checks", tmp_path, PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")
    assert "\\u2026" in done.stdout
    (tmp_path / "edge.yaml").write_text('name: a\nservices: {"\U0001f600ä": {image: "w:1", port: 1, host: a.test}}\n')
    done = shell("edgegen render --json", tmp_path, PYTHONIOENCODING="ascii")
    assert done.stdout.isascii()
    assert "\U0001f600ä" in json.dumps(json.loads(done.stdout), ensure_ascii=False)


WAITING = """
import sys, time
from edgegen.cli import app
import edgegen.project.render
def wait(*a, **k):
    print("ready", flush=True)
    time.sleep(60)
edgegen.project.render.prepare = wait
sys.exit(app.run(["render"]))
"""


@pytest.mark.slow
@pytest.mark.parametrize(("sent", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_leaves_with_its_own_code(tmp_path: Path, sent: signal.Signals, code: int) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", WAITING], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        process.send_signal(sent)
        _, err = process.communicate(timeout=60)
    assert process.returncode == code
    assert "Traceback" not in err


@pytest.mark.slow
def test_planted_secrets_are_in_private_files_alone(edgegen: Edgegen, tmp_path: Path) -> None:
    """Every way in which a secret can come, and every command that could let it out."""
    example = Path(__file__).parents[2] / "examples/03-edge-kinds/edge.yaml"
    (tmp_path / "edge.yaml").write_bytes(example.read_bytes())
    given = {"CLOUDFLARE_API_TOKEN": "canary-1-$x", "S3_KEY": "canary-2", "S3_SECRET": "canary-3'\""}
    said = ""
    for words in (
        ["render", "-v"],
        ["render", "-v"],
        ["render", "--check", "--json"],
        ["render", "--diff"],
        ["render", "--stdout"],
        ["render", "--json"],
        ["registry", "user", "add", "x", "--password-stdin", "--service", "hub", "-v"],
        ["registry", "user", "list", "--service", "hub", "--json"],
        ["registry", "user", "add", "x", "--password-stdin", "--service", "hub", "--json"],
        ["render", "-e", "nowhere", "-v"],
    ):
        done = edgegen(*words, cwd=tmp_path, env=given, stdin="canary-4\n")
        said += done.out + done.err
    assert "canary" not in said
    holders = {
        file.relative_to(tmp_path).as_posix()
        for file in tmp_path.rglob("*")
        if file.is_file() and b"canary" in file.read_bytes()
    }
    assert holders == {"secrets/s3-key", "secrets/s3-secret", "secrets/hub.env", "secrets/cloudflare-api-token"}
    assert {(tmp_path / path).stat().st_mode & 0o777 for path in holders} == {0o600}


@pytest.mark.slow
def test_no_option_takes_a_secret(edgegen: Edgegen) -> None:
    for words in (["init"], ["render"], ["up"], ["registry", "user", "add"], ["registry", "user", "passwd"]):
        for option in ("--password", "--token", "--api-token"):
            assert edgegen(*words, option, "canary").code == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("render -C", "option '-C' requires an argument. See `edgegen render --help`"),
        ("registry user add --service", "option '--service' requires an argument. See `edgegen registry user add"),
        ("dns sync --allow-deletes=x", "invalid value for '--allow-deletes': a whole number is expected. See"),
        ("up --host=", "--host: the value is empty. Leave --host out if none is meant"),
        ("render --directory=", "--directory: the value is empty. Leave --directory out for the current folder"),
        ("init web a.example.com --dir=", "--dir: the value is empty. Leave --dir out for the current folder"),
        ("lint -C nowhere", "there is no folder `nowhere`. `-C` names the folder to lint"),
        ("render --environment=", "--environment: the value is empty. Leave --environment out if none is meant"),
        ("-C x render", "no such option: -C. Write it after the command, like `edgegen render -C`"),
    ],
)  # fmt: skip
def test_a_wrong_option_says_where_to_look(edgegen: Edgegen, tmp_path: Path, words: str, said: str) -> None:
    done = edgegen(*words.split(), cwd=tmp_path)
    assert done.err.startswith(f"error[2]: {said}")
    assert (done.code, done.out) == (2, "")

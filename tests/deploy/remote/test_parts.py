"""The parts: addresses, what the other host says, the record, the comparison."""

from __future__ import annotations

import json

import pytest

from edgegen.core.errors import OutsideError, UsageError
from edgegen.deploy.host import is_ssh
from edgegen.deploy.remote.address import ssh_command
from edgegen.deploy.remote.judge import Cargo, There, Wanted, judge, pending
from edgegen.deploy.remote.ownership import Asking, open_folders, strange
from edgegen.deploy.remote.record import Record, parse_record
from edgegen.deploy.remote.seen import Above, Seen, parse_above, parse_looks


@pytest.mark.parametrize(
    ("host", "words"),
    [
        ("ssh://there", ["--", "there"]),
        ("ssh://me@there", ["-l", "me", "--", "there"]),
        ("ssh://me@10.0.0.1:2222", ["-l", "me", "-p", "2222", "--", "10.0.0.1"]),
        ("ssh://[2001:db8::1]:22", ["-p", "22", "--", "2001:db8::1"]),
        ("ssh://[FD00::A]", ["--", "FD00::A"]),
        ("ssh://MyServer", ["--", "MyServer"]),
        ("ssh://Me@MyServer:22/", ["-l", "Me", "-p", "22", "--", "MyServer"]),
    ],
)
def test_addresses(host: str, words: list[str]) -> None:
    argv = list(ssh_command(host).argv)
    assert argv[0] == "ssh"
    assert argv[-1 - len(words) : -1] == words
    assert is_ssh(host)


@pytest.mark.parametrize(
    "host", ["ssh://me:pw@there", "ssh://-oProxyCommand=id@there", "ssh://there:99999", "ssh://a;b@c"]
)
def test_what_is_no_address(host: str) -> None:
    with pytest.raises(UsageError) as caught:
        ssh_command(host)
    assert "pw" not in str(caught.value)


def test_no_engine_but_that_of_ssh_takes_files() -> None:
    assert not any(map(is_ssh, ("", "unix:///x.sock", "tcp://h:2376")))


def test_what_is_seen() -> None:
    found = parse_looks([
        "file\t644 0 1 2026-11-28 11:07:19.250000000 +0100 " + "a" * 64 + "\t./a b",
        "folder\t1700 5 3 2026-11-28 10:07:19 +0000 -\t./x",
        "none\t-\t./gone",
        "socket\t660 0 1 2026-11-28 10:07:19.000000000 +0000 -\t/run/docker.sock",
    ])  # fmt: skip
    assert found["a b"] == Seen("file", 0o644, 0, 1, 1795860439.25, "a" * 64)
    assert (found["x"].mode, found["x"].changed) == (0o1700, 1795860439.999999), "any moment of that second"
    assert found["gone"] == Seen("none")
    assert found["/run/docker.sock"].kind == "socket"


@pytest.mark.parametrize("line", ["file\t644 0\t./a", "file\tx 0 1 2026-11-28 11:07:19 +0000 -\t./a", "link\t\t./a"])
def test_what_can_not_be_seen(line: str) -> None:
    with pytest.raises(OutsideError, match="can't be read"):
        parse_looks([line])


@pytest.mark.parametrize(("line", "is_open"), [("above 755 0 /srv", False), ("above 777 0 /a b", True),
                                               ("above 775 0 /srv", True), ("above 1777 0 /tmp", False)])  # fmt: skip
def test_who_may_write_above(line: str, is_open: bool) -> None:
    assert parse_above(line).is_open is is_open


@pytest.mark.parametrize(
    ("owners", "who"),
    [
        ((1000, 0, 0), {"/m/shop": "", "/m": ""}),
        ((1000, 1000, 0), {"/m/shop": "", "/m": ""}),
        ((1000, 1002, 0), {"/m/shop": "", "/m": "belongs to user id 1002, who can put another folder"}),
        ((1002, 0, 0), {"/m/shop": "belongs to user id 1002, and ssh logs in as 1000", "/m": ""}),
        ((0, 0, 0), {"/m/shop": "belongs to user id 0, and ssh logs in as 1000", "/m": ""}),
    ],
)
def test_whose_the_folders_are(owners: tuple[int, ...], who: dict[str, str]) -> None:
    """The owner of a folder can rename what is in it, whatever its mode says."""
    folders = [Above(path, 0o755, owner) for path, owner in zip(("/m/shop", "/m", "/"), owners, strict=True)]
    said = {
        str(problem.where).removeprefix("ssh://x:"): problem.message
        for problem in open_folders(folders, "ssh://x", 1000)
    }
    assert set(said) == {path for path, text in who.items() if text}
    assert all(text.startswith(who[path]) for path, text in said.items())


def test_no_folders() -> None:
    assert list(open_folders((), "ssh://x", 0)) == []


RECORD = Record("shop", "a" * 32, "laptop", "/home/me", {"x/y": ("0" * 64, "1" * 64)})


def test_a_record_is_read_back() -> None:
    assert parse_record(RECORD.content()) == RECORD


@pytest.mark.parametrize(
    "change",
    [
        {"schema_version": 2}, {"outputs": {"../x": ["0" * 64]}}, {"outputs": {"/etc/x": ["0" * 64]}},
        {"outputs": {"a\nb": ["0" * 64]}}, {"outputs": {"x": ["zz"]}}, {"outputs": []}, {"copy": 1},
        {"outputs": {"x": 1}},
    ],
)  # fmt: skip
def test_a_forged_record_counts_as_none(change: dict[str, object]) -> None:
    assert parse_record(json.dumps({**json.loads(RECORD.content()), **change}).encode()) is None


@pytest.mark.parametrize("content", [b"", b"x", b"[]", b"null", b"[" * 100_000, b"\xff"])
def test_what_is_no_record(content: bytes) -> None:
    assert parse_record(content) is None


NEW = Wanted("f", 0o644, b"new")


def judged(seen: Seen, left: tuple[str, ...] = (), wanted: Wanted = NEW, *, force: bool = False):  # type: ignore[no-untyped-def]
    return judge(Cargo((wanted,), {}), There("h:/x", {"f": seen}, {"f": left} if left else {}, 0), force=force)


def regular(digest: str, **facts: int) -> Seen:
    return Seen("file", **{"mode": 0o644, "owner": 0, **facts}, digest=digest)  # type: ignore[arg-type]


def test_the_comparison() -> None:
    assert judged(Seen("none")).copy == (NEW,)
    assert judged(regular(NEW.digest)).is_empty
    assert judged(regular(NEW.digest, mode=0o600)).modes == (("f", 0o644),)
    assert judged(regular("o" * 64), ("o" * 64,)).copy == (NEW,)
    assert judged(regular("o" * 64), ("o" * 64,)).problems == ()
    assert len(judged(regular("e" * 64), ("o" * 64,)).problems) == 1
    forced = judged(regular("e" * 64), ("o" * 64,), force=True)
    assert (forced.problems, forced.backups, forced.copy) == ((), ("f",), (NEW,))
    assert len(judged(regular(NEW.digest, owner=7)).problems) == 1
    assert len(judged(regular(NEW.digest, links=2)).problems) == 1


def test_a_store_of_certificates() -> None:
    store = Wanted("f", 0o600)
    assert judged(Seen("none"), wanted=store).keep == (store,)
    assert judged(regular("x" * 64, mode=0o600), wanted=store).is_empty
    assert judged(regular("x" * 64), wanted=store, force=True).modes == (("f", 0o600),)
    for kind in ("folder", "link", "socket", "other"):
        assert len(judged(Seen(kind, owner=0), wanted=store, force=True).problems) == 1


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize(("mode", "user", "modes"), [(0o640, 1000, None), (0o600, 1000, ()), (0o400, 1000, ()),
                                                     (0o640, 0, (("f", 0o600),))])  # fmt: skip
def test_a_store_that_root_made(mode: int, user: int, modes: tuple[object, ...] | None, *, force: bool) -> None:
    """Only root may change its mode: nothing that can't be done is planned."""
    there = There("h:/x", {"f": regular("x" * 64, mode=mode)}, {}, user)
    plan = judge(Cargo((Wanted("f", 0o600),), {}), there, force=force)
    if modes is None:
        (problem,) = plan.problems
        assert "belongs to root and has mode 0640; Traefik needs 0600" in problem.message
        assert "`sudo chmod 600`" in problem.hint
    assert plan.modes == (modes or ())
    assert bool(plan.problems) == (modes is None)


def test_an_edit_is_never_taken_for_ours_after_an_interrupted_copy() -> None:
    there = There("h:/x", {"f": regular("e" * 64)}, {"f": ("o" * 64,)}, 0)
    cargo = Cargo((NEW,), {})
    assert pending(cargo, there, judge(cargo, there, force=True)) == {"f": (NEW.digest,)}
    ours = There("h:/x", {"f": regular("o" * 64)}, {"f": ("o" * 64,)}, 0)
    assert set(pending(cargo, ours, judge(cargo, ours, force=False))["f"]) == {NEW.digest, "o" * 64}


@pytest.mark.parametrize("found", [None, RECORD, Record("other", "b" * 32, "laptop", "/home/me")])
def test_down_is_told_nothing_that_it_can_not_do(found: Record | None) -> None:
    """It has neither `--remote-dir` nor `--force`."""
    problem = strange(found, Asking("shop", "c" * 32, create=False, force=True), "h:/x", is_empty=False)
    assert problem
    assert "--" not in problem.hint
    expected = "run `edgegen down` in /home/me on laptop" if found else "`docker compose -p shop down` on that host"
    assert expected in problem.hint
    up = strange(found, Asking("shop", "c" * 32, create=True), "h:/x", is_empty=False)
    assert up
    assert "--remote-dir" in up.hint

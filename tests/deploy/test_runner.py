"""Programs are started in one place, and every way of failing has its sentence."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import pytest

from edgegen.core.errors import OutsideError
from edgegen.deploy.command import Command
from edgegen.deploy.runner import Runner


def python(code: str, **options: object) -> Command:
    return Command((sys.executable, "-c", code), **options)  # type: ignore[arg-type]


def test_outputs_and_exit_code_are_kept() -> None:
    result = Runner().run(python("import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)"))
    assert (result.returncode, result.stdout, result.stderr, result.ok) == (3, "out\n", "err\n", False)


def test_bytes_that_are_no_text_do_not_break_it() -> None:
    assert "\ufffd" in Runner().run(python("import os; os.write(1, b'\\xff')")).stdout


def test_the_runner_adds_its_environment() -> None:
    runner = Runner((("A", "runner"), ("B", "command")))
    code = "import os; print(os.environ['A'], os.environ['B'], 'PATH' in os.environ)"
    assert runner.run(python(code)).stdout == "runner command True\n"


def test_the_child_gets_no_input() -> None:
    """Of what is typed or piped into edgegen, a child would take away what is not meant for it."""
    code = (
        "import sys; from edgegen.deploy.command import Command; from edgegen.deploy.runner import Runner; "
        "print(Runner().run(Command((sys.executable, '-c', 'import sys; print(repr(sys.stdin.read()))'))).stdout)"
    )
    done = subprocess.run([sys.executable, "-c", code], input="typed", capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "''"


def test_a_child_reads_what_the_command_holds_for_it() -> None:
    code = "import sys; print(repr(sys.stdin.read()))"
    assert Runner().run(python(code, stdin="registry.example.com:5000")).stdout == "'registry.example.com:5000'\n"
    assert Runner().run(python("pass", stdin="never read " * 20000)).ok


def test_a_command_runs_in_its_folder(tmp_path: Path) -> None:
    assert Runner().run(Command(("pwd", "-P"), folder=tmp_path)).stdout == f"{tmp_path.resolve()}\n"


def test_a_missing_program_names_what_to_install(fake: object) -> None:
    with pytest.raises(OutsideError) as caught:
        Runner().run(Command(("docker", "version")))
    assert "`docker` was not found" in str(caught.value)
    assert "docs.docker.com/engine/install" in caught.value.problems[0].hint


def test_a_program_without_the_right_to_run(tmp_path: Path) -> None:
    path = tmp_path / "program"
    path.write_text("no program")
    with pytest.raises(OutsideError, match="can't be started"):
        Runner().run(Command((str(path),)))


@pytest.mark.slow
def test_a_timeout_ends_the_child() -> None:
    with pytest.raises(OutsideError, match=r"did not answer within 0\.5 seconds"):
        Runner().run(python("import signal; signal.pause()", timeout=0.5))


def test_a_stream_goes_where_it_should(capfd: pytest.CaptureFixture[str]) -> None:
    Runner().stream(python("print('a result')"))
    Runner().stream(python("print('chatter')"), to_stderr=True)
    assert capfd.readouterr() == ("a result\n", "chatter\n")


INTERRUPTED = """
import sys
from edgegen.deploy.command import Command
from edgegen.deploy.runner import Runner
child = "import os, signal; print(os.getpid(), flush=True); signal.pause()"
try:
    Runner().stream(Command((sys.executable, "-c", child), timeout=None))
except KeyboardInterrupt:
    sys.exit(130)
"""


@pytest.mark.slow
def test_an_interrupt_reaches_a_child_that_the_terminal_did_not_tell() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as ours:
        assert ours.stdout is not None
        child = int(ours.stdout.readline())
        ours.send_signal(signal.SIGINT)
        assert ours.wait(60) == 130
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


STUBBORN = """
import sys
from edgegen.deploy.command import Command
from edgegen.deploy.runner import Runner
child = (
    "import os, signal; signal.signal(signal.SIGINT, lambda *_: print('told', flush=True));"
    "signal.signal(signal.SIGTERM, getattr(signal, %r)); print(os.getpid(), flush=True)\\nwhile True: signal.pause()"
)
try:
    Runner().stream(Command((sys.executable, "-c", child), timeout=None))
except KeyboardInterrupt:
    sys.exit(130)
"""


@pytest.mark.slow
@pytest.mark.parametrize("heed", ["SIG_DFL", "SIG_IGN"])
def test_a_second_interrupt_leaves_no_child_behind(heed: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", STUBBORN % heed], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as ours:
        assert ours.stdout is not None
        child = int(ours.stdout.readline())
        ours.send_signal(signal.SIGINT)
        assert ours.stdout.readline() == "told\n"
        ours.send_signal(signal.SIGINT)
        assert ours.wait(8) == 130  # and not only when its ten seconds are over
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def test_several_children_run_at_once_and_each_has_its_code(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Each waits for what the other one makes."""
    code = (
        "import os, sys, time\nopen(sys.argv[1], 'w')\n"
        "while not os.path.exists(sys.argv[2]): time.sleep(0.01)\nos.write(1, (sys.argv[3] + '\\n').encode())"
    )
    made = [str(tmp_path / name) for name in ("a", "b")]
    commands = [
        Command((sys.executable, "-c", f"{code}; sys.exit({number})", *made[::step], str(number)))
        for number, step in ((0, 1), (3, -1))
    ]
    assert [result.returncode for result in Runner().stream_all(commands)] == [0, 3]
    assert sorted(capfd.readouterr().out.split()) == ["0", "3"]


@pytest.mark.slow
def test_an_interrupt_ends_all_of_several_children(tmp_path: Path) -> None:
    code = "import os, signal, sys; open(sys.argv[1] + str(os.getpid()), 'w'); signal.pause()"
    ours = (
        "import sys\nfrom edgegen.deploy.command import Command\nfrom edgegen.deploy.runner import Runner\n"
        f"one = Command((sys.executable, '-c', {code!r}, {str(tmp_path)!r} + '/'))\n"
        "try: Runner().stream_all([one, one])\nexcept KeyboardInterrupt: sys.exit(130)"
    )
    with subprocess.Popen([sys.executable, "-c", ours], stderr=subprocess.DEVNULL) as process:
        while len(children := [int(path.name) for path in tmp_path.iterdir()]) < 2:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130
    for child in children:
        with pytest.raises(ProcessLookupError):
            os.kill(child, 0)


class _CutOff(subprocess.Popen[bytes]):
    """A signal arrives when the child runs and the constructor has not returned."""

    started: ClassVar[list[int]] = []

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.started.append(self.pid)
        signal.raise_signal(signal.SIGINT)


def _talk(runner: Runner, command: Command) -> None:
    with runner.talk(command):
        pass


@pytest.mark.slow
@pytest.mark.parametrize(
    "start",
    [
        Runner.run,
        Runner.stream,
        lambda runner, command: runner.stream(command, to_stderr=True),
        lambda runner, command: runner.stream_all([command, command]),
        _talk,
    ],
    ids=["run", "stream", "to_stderr", "stream_all", "talk"],
)
def test_an_interrupt_while_a_child_starts_ends_it_too(
    start: Callable[[Runner, Command], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_CutOff, "started", [])
    monkeypatch.setattr(subprocess, "Popen", _CutOff)
    with pytest.raises(KeyboardInterrupt):
        start(Runner(), Command(("sleep", "60")))
    (child,) = _CutOff.started
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def test_what_a_command_adds_to_the_environment_is_not_shown() -> None:
    heard: list[str] = []
    command = python("import os; print(os.environ['WORD'])", variables={"WORD": "hunter2"})
    assert Runner((), heard.append).run(command).stdout == "hunter2\n"
    assert "hunter2" not in "".join(heard) + repr(command)


def test_much_output_on_both_sides_does_not_block() -> None:
    code = "import sys; [print('x' * 999, file=f) for _ in range(500) for f in (sys.stdout, sys.stderr)]"
    done: list[int] = []
    thread = threading.Thread(target=lambda: done.append(len(Runner().run(python(code)).stdout)), daemon=True)
    thread.start()
    thread.join(60)
    assert done == [500_000]


def test_a_trace_hears_each_line() -> None:
    heard: list[str] = []
    Runner((("DOCKER_HOST", "ssh://h"),), heard.append).run(python("pass"))
    assert heard == [f"+ DOCKER_HOST=ssh://h {sys.executable} -c pass"]


@pytest.mark.parametrize(("size", "taken"), [(99, True), (100, True), (101, False)])
def test_at_the_cap(size: int, taken: bool) -> None:
    command = python(f"print('x' * {size}, end='', flush=True)", most=100)
    if taken:
        assert len(Runner().run(command).stdout) == size
        return
    with pytest.raises(OutsideError, match="printed more than 0 MiB, and was stopped"):
        Runner().run(command)


ENDLESS = """
import sys
from edgegen.core.errors import OutsideError
from edgegen.deploy.command import Command
from edgegen.deploy.runner import Runner
try:
    Runner().run(Command(("cat", "/dev/zero")))
except OutsideError as error:
    print(error)
print(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1])
"""


def test_no_end_takes_little_memory() -> None:
    done = subprocess.run([sys.executable, "-c", ENDLESS], capture_output=True, text=True, timeout=60, check=True)
    said, peak = done.stdout.splitlines()
    assert said == "`cat /dev/zero` printed more than 8 MiB, and was stopped"
    assert int(peak) < 150 * 1024


def test_of_what_is_said_on_stderr_the_end_is_kept() -> None:
    result = Runner().run(python("import sys; sys.stderr.write('x' * 300_000 + 'the end')"))
    assert result.stderr.endswith("the end")
    assert len(result.stderr) <= 1 << 16


@pytest.mark.slow
def test_a_grandchild_that_holds_the_outputs_open_keeps_nobody() -> None:
    code = "import subprocess; subprocess.Popen(['sleep', '60']); print('done')"
    assert Runner().run(python(code, timeout=60)).stdout == "done\n"


@pytest.mark.parametrize("word", ["a\0b", "\ud800"])
def test_a_word_that_is_no_text(word: str) -> None:
    with pytest.raises(OutsideError, match="a word of it is not text"):
        Runner().run(Command(("true", word)))

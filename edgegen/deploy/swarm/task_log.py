"""What one task wrote, wherever it runs: the manager asks the task's node for it."""

from __future__ import annotations

from edgegen.core.errors import OutsideError
from edgegen.deploy.command import MOST_LOG_BYTES, Command
from edgegen.deploy.runner import Executor
from edgegen.deploy.swarm.tasks import TaskSeen
from edgegen.deploy.terminal_text import tail


def task_log(runner: Executor, task: TaskSeen, *, lines: int) -> str:
    """The last lines of both outputs of a task, each with the engine's time. Raises OutsideError.

    If a node does not answer, what was read until then is returned.
    """
    words = ("docker", "service", "logs", "--raw", "--timestamps", "--tail", str(lines), task.id)
    result = runner.run(Command(words, most=MOST_LOG_BYTES))
    if not result.ok and not result.stdout:
        raise OutsideError(f"the log of task {task.id} can't be read: {tail(result.stderr, 2)}")
    return f"{result.stdout}\n{result.stderr}"

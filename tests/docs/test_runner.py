"""The runner of code blocks notices what is wrong: each fault is planted in a page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.blocks import steps_of
from tests.docs.compare import difference
from tests.docs.run import a_cloudflare, a_story, run_step
from tests.docs.story import Story
from tests.docs.wrong import Wrong
from tests.fakes.cloudflare import Asked


@pytest.fixture(scope="module")
def cloudflare() -> Iterator[Asked]:
    with a_cloudflare() as fake:
        yield fake


@pytest.fixture
def story(tmp_path: Path, cloudflare: Asked) -> Iterator[Story]:
    with a_story(tmp_path, cloudflare) as one:
        yield one


def run(story: Story, text: str) -> int:
    steps = steps_of("page.md", text)
    for step in steps:
        run_step(step, story)
    return sum(step.is_block for step in steps)


def fenced(language: str, text: str, said: str = "") -> str:
    return f"{said}\n\n```{language}\n{text}\n```\n"


GOOD = {
    "a command and its output": fenced("console", "$ edgegen --version\nedgegen …"),
    "a command that fails as the page says": fenced("console", "$ edgegen rendr\n…\n", "<!-- run: exit=2 -->"),
    "what one block exports, another has": fenced("sh", "export WHO=me") + fenced("console", '$ echo "$WHO"\nme'),
    "what one block writes, another has": fenced("yaml", "# edge.yaml\nname: a\nservices: {}")
    + fenced("console", "$ edgegen render -q\n$ ls docker-compose.yml\ndocker-compose.yml"),
    "a hidden command": fenced("console", "$ cat a\nhello", "<!-- run:\n$ echo hello > a\n-->"),
    "a project": fenced("console", "$ edgegen render --check\n…", "<!-- run: project=registry -->"),
    "a here-document": fenced("console", "$ cat <<'EOF'\none\nEOF\none"),
    "a command on two lines": fenced("console", "$ echo one \\\n    two\none two"),
    "a part": fenced("yaml", "services:\n  web: {image: 'a:1', port: 80, host: www.commenthouse.com}"),
    "a part that is refused": fenced("yaml", "services: {web: {imgae: a}}", "<!-- run: exit=2 -->"),
    "a Compose file": fenced("yaml", "# compose.yaml\nservices: {web: {image: 'a:1'}}"),
    "a block in a list": "- one\n\n    ```console\n    $ echo a\n    a\n    ```\n",
    "an install": fenced("sh", "pipx install edgegen", "<!-- run: no=internet -->"),
    "a sync": fenced(
        "console", "$ edgegen dns sync\n…1 change made…", "<!-- run: project=registry -->"
    ),
    "an up": fenced("console", "$ edgegen up\n…", "<!-- run: project=registry -->"),
    "an output that another test has seen": fenced(
        "console",
        "$ edgegen init --list\n…\nwordpress …\n…",
        "<!-- run: no=outside seen=cli/seen/init-list.txt -->",
    ),
    "a crontab": fenced("cron", "*/5 * * * * edgegen dns sync -q"),
}  # fmt: skip
WRONG = {
    "another output": fenced("console", "$ edgegen --version\nedgegen 99.0"),
    "an output that is missing": fenced("console", "$ true\nsomething"),
    "one line too many": fenced("console", "$ printf 'a\\nb\\n'\na"),
    "a command that fails": fenced("console", "$ edgegen rendr"),
    "a command that should fail": fenced("console", "$ edgegen --version", "<!-- run: exit=1 -->"),
    "a hidden command that fails": fenced("console", "$ true", "<!-- run:\n$ false\n-->"),
    "a language that nothing runs": fenced("nginx", "server {}"),
    "no language": fenced("", "hello"),
    "a block without an end": "```console\n$ true\n",
    "a comment with an unknown word": fenced("console", "$ true", "<!-- run: exti=1 -->"),
    "a comment without an end": "<!-- run: exit=1\n",
    "an unknown reason": fenced("sh", "true", "<!-- run: no=time -->"),
    "an unknown option in what can't run": fenced("sh", "edgegen render --chek", "<!-- run: no=machine -->"),
    "a command that does not exist, in what can't run": fenced("sh", "edgegen rendr", "<!-- run: no=machine -->"),
    "a subcommand that does not exist": fenced("sh", "edgegen dns snyc", "<!-- run: no=machine -->"),
    "a target that does not exist": fenced("sh", "make coffee", "<!-- run: no=hours -->"),
    "an extra that does not exist": fenced("sh", "pip install 'edgegen[coffee]'", "<!-- run: no=internet -->"),
    "a script that bash can't read": fenced("sh", "if true; then", "<!-- run: no=machine -->"),
    "a script that splits a name": fenced("sh", "rm $1", "<!-- run: no=machine -->"),
    "an unknown key": fenced("yaml", "services: {web: {imgae: a}}"),
    "a part that should be refused": fenced("yaml", "services: {web: {image: 'a:1'}}", "<!-- run: exit=2 -->"),
    "an edge.yaml with a mistake": fenced("yaml", "# edge.yaml\nname: a\nservcies: {}"),
    "a Compose file with a mistake": fenced("yaml", "# compose.yaml\nservices: {web: {imgae: a}}"),
    "a workflow with a mistake": fenced("yaml", "# .github/workflows/a.yml\non: push\njobs: {a: {steps: []}}"),
    "a job of GitLab with a mistake": fenced("yaml", "# .gitlab-ci.yml\na: {script: {}}"),
    "JSON with a mistake": fenced("json", "{a: 1}"),
    "TOML with a mistake": fenced("toml", "a = "),
    "a crontab with a mistake": fenced("cron", "* * edgegen dns sync"),
    "a crontab with an unknown option": fenced("cron", "@daily edgegen dns sync --quite"),
    "a command in a block of text": fenced("text", "$ edgegen render"),
    "a console without a command": fenced("console", "edgegen render"),
    "a Dockerfile with a mistake": fenced("dockerfile", "FORM a"),
    "an output that no test has seen": fenced(
        "console", "$ edgegen init --list\nall is well", "<!-- run: no=outside seen=cli/seen/init-list.txt -->"
    ),
    "a golden file that is not there": fenced("console", "$ edgegen rules\na", "<!-- run: no=outside seen=a.txt -->"),
    "a command that leaves this machine": fenced("console", "$ edgegen verify"),
    "a file outside the project": fenced("yaml", "a: 1", "<!-- run: file=../a.yml -->"),
}  # fmt: skip


@pytest.mark.quick(5)
@pytest.mark.parametrize("name", GOOD)
def test_a_good_page(name: str, story: Story) -> None:
    assert run(story, GOOD[name]) >= 1


@pytest.mark.quick(8)
@pytest.mark.parametrize("name", WRONG)
def test_a_planted_fault(name: str, story: Story) -> None:
    with pytest.raises(Wrong, match=r"page\.md:\d+|outside the project|of the internet"):
        run(story, WRONG[name])


@pytest.mark.parametrize(
    ("shown", "printed"),
    [
        ("a\n…\nd", "a\nb\nc\nd"),
        ("a\n…\nd", "a\nd"),
        ("took … s", "took 12 s"),
        ("…", ""),
        ("a\n\n", "a"),
        ("a*", "a*"),
    ],
)
def test_what_agrees(shown: str, printed: str) -> None:
    assert difference(shown.splitlines(), printed) == ""


@pytest.mark.parametrize(
    ("shown", "printed"),
    [
        ("a\n…\nd", "a\nb\nc"),
        ("took … s", "took 12 m"),
        ("a", "a\nb"),
        ("a*", "aa"),
        ("a…c", "a\nc"),
        ("a\nb", "a\n\nb"),
    ],
)
def test_what_does_not_agree(shown: str, printed: str) -> None:
    assert "the program" in difference(shown.splitlines(), printed)

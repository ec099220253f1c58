"""A form that Compose refuses.

What it does
    Reports what Compose and `docker stack` do not take in the parts of a file that lint reads: a key that is there
    twice, `- name: value` in a list of labels, a service that extends one that is not there, a file with nothing in
    it. The rest of the file is checked as if it had been written as it was meant.

Why
    Compose stops with a message about the whole file, and often without a line.

Example
    `labels: [traefik.enable: true]`

Instead
    `labels: [traefik.enable=true]`
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.lint.model import Project
from edgegen.lint.rule import Found, Rule

RULE = Rule("EL100", "file-refused", Severity.MEDIUM)


def check(project: Project) -> Iterator[Found]:
    """Each of them."""
    for remark in project.remarks:
        if remark.refused:
            yield Found(remark.subject or remark.spot.file.name, remark.message, remark.spot, remark.hint)

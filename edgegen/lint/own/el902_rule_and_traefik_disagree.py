"""A rule of lint and the real Traefik disagree.

What it does
    With `--with-traefik`, lint compares what its rules report with what Traefik says. It reports an error from Traefik
    that no rule reports, and a rule that says Traefik drops or refuses something that Traefik accepts.

Why
    One of the two is wrong, and Traefik decides, so it is a bug in edgegen.

Example
    EL001 reports a label, and Traefik 3.7.15 takes it.

Instead
    Please report it with the lines shown. Until it is fixed, believe Traefik.
"""

from __future__ import annotations

from edgegen.core.finding import Severity
from edgegen.lint.rule import Rule

RULE = Rule("EL902", "rule-and-traefik-disagree", Severity.INFO)

"""A suppression that suppresses nothing.

What it does
    Reports `# edgegen: ignore[…]`, an entry under `ignore:` and an entry of the baseline for which there is no finding
    in the files that were looked at, and an id in a comment that no rule has.

Why
    The fault was fixed, or the comment names another rule or another line. If the fault returns, nobody sees it.

Example
    `image: traefik:v3.6 # edgegen: ignore[EL001] no label here`

Instead
    Remove it.
"""

from __future__ import annotations

from edgegen.core.finding import Severity
from edgegen.lint.rule import Rule

RULE = Rule("EL199", "unused-suppression", Severity.INFO)

"""Something that the files do not show.

What it does
    Reports what lint could not look at: a variable without a value, a file that is missing, an overlay without its
    base. What depends on it is unknown, and lint does not guess.

Why
    No finding is only good news about what was seen.

Example
    `traefik.http.routers.web.rule=Host(`${DOMAIN}`)` where neither the environment nor `.env` has `DOMAIN`

Instead
    Give the variable a value, or name the missing file too: `edgegen lint -f compose.yaml -f compose.prod.yaml`. With
    `--strict`, exit code 4 reports that something could not be seen.
"""

from __future__ import annotations

from edgegen.core.finding import Severity
from edgegen.lint.rule import Rule

RULE = Rule("EL000", "not-seen", Severity.INFO)

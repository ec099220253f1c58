"""A secret that git has.

What it does
    Reports files with secrets that the repository tracks: the certificate store of a resolver (high where it holds
    keys), files of `secrets:`, htpasswd files, private keys of dynamic files and of mounts, and a `.env`, or a file of
    `env_file`, with a value for a name like `…_PASSWORD` or `…_TOKEN`. Encrypted ones (SOPS, Ansible Vault, git-crypt,
    age) are skipped.

Why
    Whoever can clone it has the keys of every certificate, and deleting the file later leaves it in the history.
    Hundreds of public repositories hold an `acme.json`.

Example
    `acme.json` in the answer of `git ls-files`

Instead
    `git rm --cached acme.json`, a line in `.gitignore`, and new keys for what was published.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.lint.model import Project
from edgegen.lint.rule import Found, Rule
from edgegen.lint.views.secret_files import Holds, Secret, holds, secrets_of

RULE = Rule("EL076", "secret-in-git", Severity.MEDIUM)


def check(project: Project) -> Iterator[Found]:
    """Each file with a secret that is tracked."""
    if project.disk is None:
        return
    told: set[str] = set()
    for secret in secrets_of(project):
        if secret.path in told:
            continue
        told.add(secret.path)
        if project.disk.tracked(secret.path) and (held := holds(project.disk, secret)):
            severity = Severity.HIGH if held is Holds.KEYS and secret.kind == "store" else None
            if held is Holds.NOTHING:
                severity = Severity.LOW
            message = _message(secret, held)
            hint = f"git rm --cached {secret.path}, add it to `.gitignore`, and replace what was published"
            yield Found(secret.subject, message, secret.spot, hint, severity)


def _message(secret: Secret, held: Holds) -> str:
    if held is Holds.NOTHING:
        return f"git tracks `{secret.path}`, {secret.what}: the next commit publishes what is written into it"
    keys = "" if secret.kind == "key" else ", which holds private keys"
    added = keys if held is Holds.KEYS else _HELD.get(secret.kind, "")
    return f"git tracks `{secret.path}`, {secret.what}{added}"


_HELD = {"env": ", with values for passwords or tokens", "store": ", which holds certificates"}

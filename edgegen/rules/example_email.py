"""An e-mail address out of an example, for which Let's Encrypt opens no account.

What it does
    Reports an `acme.email` at example.com, example.net or example.org, if the authority is Let's Encrypt and the spec
    has a public host elsewhere; the spec is rendered all the same.

Why
    Let's Encrypt refuses such an account (`contact email has forbidden domain`), so Traefik gets no certificate for any
    host. It writes one line into its log and sends its default certificate, which no browser trusts.

Example
    `acme: {email: ops@example.com}` with `host: www.commenthouse.com`

Instead
    `acme: {email: ops@commenthouse.com}`, or no `email`.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.certificates.example_address import is_of_examples, is_real
from edgegen.core.show import shown
from edgegen.rules.violation import Violation
from edgegen.spec.edge import Spec

ID = "ER041"


def check(spec: Spec) -> Iterator[Violation]:
    """The one address of the spec."""
    email = spec.acme.email
    if not email or not is_of_examples(email) or not spec.acme.ca.startswith("letsencrypt") or not spec.has_own_edge:
        return
    if any(is_real(host) for _, host in spec.public_hosts()):
        message = f"Let's Encrypt opens no account for `{shown(email)}`: no host gets a certificate"
        yield Violation(("acme", "email"), message, "write your own address, or remove `email`", refused=False)

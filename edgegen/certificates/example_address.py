"""E-mail addresses out of examples, for which Let's Encrypt opens no account: without one there is no certificate."""

from __future__ import annotations

from edgegen.core.reserved import is_reserved

_EXAMPLES = ("example.com", "example.net", "example.org")
"""RFC 2606, section 3. Boulder answers `contact email has forbidden domain` for these, not for names below them."""


def is_of_examples(email: str) -> bool:
    """Whether it is an address at one of the domains for examples."""
    return email.rpartition("@")[2].lower() in _EXAMPLES


def is_real(host: str) -> bool:
    """Whether a host is neither an example nor one that no public authority certifies."""
    name = host.lower().removeprefix("*.").rstrip(".")
    is_name = "." in name and not name.rpartition(".")[2].isdigit() and ":" not in name
    return is_name and not is_reserved(name) and ".".join(name.split(".")[-2:]) not in _EXAMPLES

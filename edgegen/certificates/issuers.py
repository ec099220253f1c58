"""Who issued a certificate, as far as its names show."""

from __future__ import annotations

import re
from collections.abc import Iterator

from edgegen.certificates.certificate import CertificateSeen
from edgegen.core.pattern import late_pattern

LETS_ENCRYPT, ZEROSSL = "Let's Encrypt", "ZeroSSL"
# Let's Encrypt: facts.md section 5. ZeroSSL's intermediates are signed by Sectigo, and older ones name only Sectigo.
_ORGANISATIONS = {"letsencrypt": LETS_ENCRYPT, "zerossl": ".*(ZeroSSL|Sectigo).*"}
NAMES = {"letsencrypt": LETS_ENCRYPT, "zerossl": ZEROSSL}
"""The public authorities of `acme.ca` as their certificates and people call them."""

TRAEFIK_DEFAULT = "TRAEFIK DEFAULT CERT"
"""The common name of the certificate that Traefik makes for itself when it has none for a host."""
# facts.md section 5: the staging roots. The "Fake LE" names are those of the years before 2021.
_STAGING = frozenset(
    {
        "Pretend Pear X1", "Bogus Broccoli X2", "Yearning Yucca Root YE", "Yonder Yam Root YR",
        "Fake LE Intermediate X1", "Fake LE Root X1",
    }
)  # fmt: skip

# RFC 4514 section 2.4: a special character follows a backslash, or is written as a backslash and two hex digits.
_ESCAPED = late_pattern(r"(?:\\[0-9A-Fa-f]{2})+|\\(.)", re.DOTALL)
_PART = late_pattern(r"(?:[^,+\\]|\\.)+", re.DOTALL)


def issuing_organisation(certificate: CertificateSeen) -> str:
    """Who issued a certificate: the issuer's organisation, or its name if it has none.

    Let's Encrypt picks one of several intermediates at random, so only the organisation identifies it.
    """
    return organisation(certificate.issuer) or certificate.issuer_name


def is_staging(certificate: CertificateSeen) -> bool:
    """Whether Let's Encrypt's staging environment issued it, which no browser trusts."""
    return certificate.issuer_name in _STAGING or any(
        value.startswith("(STAGING)") or value in _STAGING for _, value in attributes(certificate.issuer)
    )


def is_traefik_default(certificate: CertificateSeen) -> bool:
    """Whether it is the one that Traefik makes for itself when it has none for a name."""
    return certificate.common_name == TRAEFIK_DEFAULT


def wants_staging(ca: str) -> bool:
    """Whether a spec's `acme.ca` is the staging environment, by its name or by its directory's URL."""
    return ca == "letsencrypt-staging" or "acme-staging" in ca


def is_from(organisation: str, ca: str) -> bool:
    """Whether an issuing organisation is the authority that `acme.ca` names, one of `NAMES`."""
    return re.fullmatch(_ORGANISATIONS[ca], organisation, re.IGNORECASE | re.DOTALL) is not None


def attributes(name: str) -> Iterator[tuple[str, str]]:
    """(type, value) of each part: `CN=a,O=b\\, c` -> (`CN`, `a`), (`O`, `b, c`). Never raises."""
    for part in _PART.findall(name):
        kind, equals, value = part.partition("=")
        if equals:
            yield kind.strip().upper(), _ESCAPED.sub(_unescaped, value)


def organisation(name: str) -> str:
    """Its `O`, or ""."""
    return next((value for kind, value in attributes(name) if kind == "O"), "")


def _unescaped(match: re.Match[str]) -> str:
    if match[1] is not None:
        return match[1]
    return bytes.fromhex(match[0].replace("\\", "")).decode("utf-8", "replace")

"""Who has issued a certificate, as far as its names tell."""

from __future__ import annotations

from edgegen.verify.checks.distinguished_names import attributes, organisation
from edgegen.verify.observation import CertificateSeen

TRAEFIK_DEFAULT = "TRAEFIK DEFAULT CERT"
"""The common name of the certificate that Traefik makes for itself where it has none for a host."""
# facts.md section 5: the staging roots. The "Fake LE" names are those of the years before 2021.
_STAGING = frozenset(
    {
        "Pretend Pear X1", "Bogus Broccoli X2", "Yearning Yucca Root YE", "Yonder Yam Root YR",
        "Fake LE Intermediate X1", "Fake LE Root X1",
    }
)  # fmt: skip


def issuing_organisation(certificate: CertificateSeen) -> str:
    """Who has issued a certificate: the issuer's organisation, or its name where it has none.

    Let's Encrypt picks one of several intermediates at random, so that only the organisation says who it is.
    """
    return organisation(certificate.issuer) or certificate.issuer_name


def is_staging(certificate: CertificateSeen) -> bool:
    """Whether Let's Encrypt's staging environment has issued it, which no browser trusts."""
    return certificate.issuer_name in _STAGING or any(
        value.startswith("(STAGING)") or value in _STAGING for _, value in attributes(certificate.issuer)
    )


def is_traefik_default(certificate: CertificateSeen) -> bool:
    """Whether it is the one that Traefik makes for itself where it has none for a name."""
    return certificate.common_name == TRAEFIK_DEFAULT


def wants_staging(ca: str) -> bool:
    """Whether a spec's `acme.ca` is the staging environment, by its word or by its directory's URL."""
    return ca == "letsencrypt-staging" or "acme-staging" in ca

"""`secure-headers`: edgegen's preset: HSTS, no sniffing, no foreign frames, a careful referrer."""

from typing import Any, ClassVar, Literal, Self

from pydantic import ConfigDict, model_validator

from edgegen.core.hsts import TWO_YEARS
from edgegen.core.json_schema import conditions, needs
from edgegen.traefik.middlewares.base import Middleware
from edgegen.traefik.middlewares.values import Flag, Line, Number


class SecureHeaders(Middleware):
    """edgegen's preset: HSTS, no sniffing, no foreign frames, a careful referrer."""

    model_config = ConfigDict(json_schema_extra=conditions(needs("preload", "include_subdomains")))

    traefik_name: ClassVar[str] = "headers"
    sets_hsts: ClassVar[bool] = True

    kind: Literal["secure-headers"] = "secure-headers"
    hsts_seconds: Number = TWO_YEARS
    """Strict-Transport-Security: two years. Example: `31536000`."""
    include_subdomains: Flag = False
    """Strict-Transport-Security for subdomains too: all of them must support https."""
    preload: Flag = False
    """Allow browsers to preload it."""
    frame: Literal["DENY", "SAMEORIGIN"] = "SAMEORIGIN"
    """Who may show the site in a frame."""
    referrer_policy: Line = "strict-origin-when-cross-origin"
    """Referrer-Policy. Example: `same-origin`."""

    @model_validator(mode="after")
    def _can_be_preloaded(self) -> Self:
        if self.preload and not self.include_subdomains:
            raise ValueError("browsers preload a site only with its subdomains: add `include_subdomains: true`")
        return self

    def options(self) -> dict[str, Any]:
        """The preset as options of Traefik's `headers`."""
        headers: dict[str, Any] = {"stsSeconds": self.hsts_seconds}
        if self.include_subdomains:
            headers["stsIncludeSubdomains"] = True
        if self.preload:
            headers["stsPreload"] = True
        headers["contentTypeNosniff"] = True
        headers["customFrameOptionsValue"] = self.frame
        headers["referrerPolicy"] = self.referrer_policy
        return headers

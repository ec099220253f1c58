"""`headers`: sets headers of requests and responses."""

from typing import ClassVar, Literal, Self

from pydantic import ConfigDict, model_validator

from edgegen.core.json_schema import AN_OPTION
from edgegen.traefik.middlewares.base import Middleware
from edgegen.traefik.middlewares.values import Flag, GoRegex, HeaderName, Headers, Line, Number


class HeadersMiddleware(Middleware):
    """Sets headers of requests and responses."""

    model_config = ConfigDict(json_schema_extra=AN_OPTION)

    kind: Literal["headers"] = "headers"
    spelling: ClassVar[dict[str, str]] = {
        "sts_include_subdomains": "stsIncludeSubdomains",
        "force_sts_header": "forceSTSHeader",
        "ssl_proxy_headers": "sslProxyHeaders",
        "custom_browser_xss_value": "customBrowserXSSValue",
    }
    custom_request_headers: Headers | None = None
    """Request headers to set; an empty value removes the header. Example: `{X-Script-Name: /app}`."""
    custom_response_headers: Headers | None = None
    """Response headers to set; an empty value removes the header. Example: `{X-Powered-By: ""}`."""
    access_control_allow_credentials: Flag | None = None
    """CORS: allow credentials."""
    access_control_allow_headers: list[Line] | None = None
    """CORS: allowed headers. Example: `[Content-Type, Authorization]`."""
    access_control_allow_methods: list[Line] | None = None
    """CORS: allowed methods. Example: `[GET, POST, OPTIONS]`."""
    access_control_allow_origin_list: list[Line] | None = None
    """CORS: allowed origins. Example: `["https://www.commenthouse.com"]`."""
    access_control_allow_origin_list_regex: list[GoRegex] | None = None
    """CORS: allowed origins, as regular expressions. Example: `["^https://[a-z]+[.]commenthouse[.]com$"]`."""
    access_control_expose_headers: list[Line] | None = None
    """CORS: headers that scripts may read. Example: `[X-Total-Count]`."""
    access_control_max_age: Number | None = None
    """CORS: how many seconds the answer may be cached. Example: `600`."""
    add_vary_header: Flag | None = None
    """Add `Vary: Origin`."""
    allowed_hosts: list[Line] | None = None
    """Allowed hosts. Example: `[www.commenthouse.com]`."""
    hosts_proxy_headers: list[HeaderName] | None = None
    """Headers that may contain the host. Example: `[X-Forwarded-Host]`."""
    ssl_proxy_headers: Headers | None = None
    """Headers that mark a request as received over TLS. Example: `{X-Forwarded-Proto: https}`."""
    sts_seconds: Number | None = None
    """HSTS: max-age in seconds. Example: `31536000`."""
    sts_include_subdomains: Flag | None = None
    """HSTS: include subdomains."""
    sts_preload: Flag | None = None
    """HSTS: allow preloading."""
    force_sts_header: Flag | None = None
    """Send HSTS over plain HTTP too."""
    frame_deny: Flag | None = None
    """X-Frame-Options: DENY."""
    custom_frame_options_value: Line | None = None
    """X-Frame-Options. Example: `SAMEORIGIN`."""
    content_type_nosniff: Flag | None = None
    """X-Content-Type-Options: nosniff."""
    browser_xss_filter: Flag | None = None
    """X-XSS-Protection: 1; mode=block."""
    custom_browser_xss_value: Line | None = None
    """X-XSS-Protection. Example: `1; mode=block`."""
    content_security_policy: Line | None = None
    """Content-Security-Policy. Example: `default-src 'self'`."""
    content_security_policy_report_only: Line | None = None
    """Content-Security-Policy-Report-Only. Example: `default-src 'self'; report-uri /csp`."""
    public_key: Line | None = None
    """HPKP. Example: `pin-sha256="AAAA"; max-age=60`."""
    referrer_policy: Line | None = None
    """Referrer-Policy. Example: `same-origin`."""
    permissions_policy: Line | None = None
    """Permissions-Policy. Example: `camera=(), microphone=()`."""
    is_development: Flag | None = None
    """Turn off the security headers."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.options():
            raise ValueError("no header is named. Remove the middleware to disable it")
        return self

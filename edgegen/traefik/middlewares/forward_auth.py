"""`forward-auth`: asks another service whether a request may pass."""

from typing import Literal

from edgegen.traefik.middlewares.base import Middleware
from edgegen.traefik.middlewares.client_tls import ClientTls
from edgegen.traefik.middlewares.values import Flag, GoRegex, HeaderName, Size, Url


class ForwardAuth(Middleware):
    """Asks another service whether a request may pass."""

    kind: Literal["forward-auth"] = "forward-auth"
    address: Url
    """URL of the service to ask. Example: `http://auth:9000/verify`."""
    trust_forward_header: Flag = False
    """Trust X-Forwarded headers of the client."""
    auth_request_headers: list[HeaderName] | None = None
    """Request headers to send to it; all by default. Example: `[Cookie]`."""
    auth_response_headers: list[HeaderName] | None = None
    """Headers of its answer to pass on to the service. Example: `[X-Auth-User]`."""
    auth_response_headers_regex: GoRegex | None = None
    """The same, as a regular expression. Example: `^X-Auth-`."""
    add_auth_cookies_to_response: list[HeaderName] | None = None
    """Cookies of its answer to pass on to the client. Example: `[session]`."""
    forward_body: Flag | None = None
    """Also send the body."""
    max_body_size: Size | None = None
    """Largest body in bytes; -1 for no limit. Example: `1048576`."""
    max_response_body_size: Size = 1_048_576
    """Largest answer in bytes; -1 for no limit. Example: `65536`."""
    header_field: HeaderName | None = None
    """Header that passes the user name to the service. Example: `X-Auth-User`."""
    preserve_location_header: Flag | None = None
    """Keep its Location header as it is."""
    preserve_request_method: Flag | None = None
    """Use the request's method."""
    tls: ClientTls | None = None
    """TLS settings for this connection. Example: `{ca: /run/secrets/ca.pem}`."""

    @property
    def asks_url(self) -> str:
        return self.address

"""`forward-auth`: asks another service whether a request may pass."""

from __future__ import annotations

from typing import Literal

from edgegen.traefik.middlewares.base import Middleware
from edgegen.traefik.middlewares.client_tls import ClientTls
from edgegen.traefik.middlewares.values import Flag, GoRegex, HeaderName, Size, Url


class ForwardAuth(Middleware):
    """Asks another service whether a request may pass."""

    kind: Literal["forward-auth"] = "forward-auth"
    address: Url
    """Where it is asked."""
    trust_forward_header: Flag = False
    """Believe X-Forwarded headers of the client."""
    auth_request_headers: list[HeaderName] | None = None
    """Headers that it is sent; all by default."""
    auth_response_headers: list[HeaderName] | None = None
    """Headers of its answer that the service is sent."""
    auth_response_headers_regex: GoRegex | None = None
    """The same by a regular expression."""
    add_auth_cookies_to_response: list[HeaderName] | None = None
    """Cookies of its answer that the client is sent."""
    forward_body: Flag | None = None
    """Send it the body too."""
    max_body_size: Size | None = None
    """Largest body in bytes; -1 for any."""
    max_response_body_size: Size = 1_048_576
    """Largest answer in bytes; -1 for any."""
    header_field: HeaderName | None = None
    """Header that tells the service the user."""
    preserve_location_header: Flag | None = None
    """Keep its Location header as it is."""
    preserve_request_method: Flag | None = None
    """Ask with the same method."""
    tls: ClientTls | None = None
    """TLS towards it."""

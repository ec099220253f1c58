"""Where an upload may go on, and how its URLs are made."""

from __future__ import annotations

import pytest

from edgegen.endpoints import Endpoint, Kind
from edgegen.verify.push.exchange import bare, resolved
from edgegen.verify.push.upload import fault, with_digest

HOST = "r.example.com"
ASKED = f"https://{HOST}/v2/a/blobs/uploads/"


def endpoint(host: str = HOST, port: int = 443) -> Endpoint:
    return Endpoint("r", host, Kind.REGISTRY, port)


FINE = [
    f"https://{HOST}/v2/a/blobs/uploads/1?_state=x",
    f"https://{HOST}:443/v2/a",
    f"HTTPS://{HOST.upper()}/v2/a",
    "/v2/a/blobs/uploads/1?_state=x",
    "1?_state=x",
    f"//{HOST}/v2/a",
    "?_state=x",
]


@pytest.mark.parametrize("location", FINE)
def test_fine(location: str) -> None:
    assert fault(endpoint(), ASKED, location) == ""


def test_another_port() -> None:
    asked = ASKED.replace(HOST, f"{HOST}:5000")
    assert fault(endpoint(port=5000), asked, f"https://{HOST}:5000/x") == ""
    assert fault(endpoint(port=5000), asked, "/x") == ""
    assert fault(endpoint(port=5000), asked, f"https://{HOST}/x") == f"its Location leads to https://{HOST}"


WRONG = {
    "": "no Location",
    f"http://{HOST}/x": "plain http://r.example.com",
    f"http://{HOST}:443/x": "plain http://r.example.com:443",
    "https://evil.example/x": "https://evil.example",
    f"https://{HOST}.evil.example/x": f"https://{HOST}.evil.example",
    f"https://{HOST}:444/x": f"https://{HOST}:444",
    f"https://u:p@{HOST}/x": f"https://{HOST}",
    f"https://{HOST}@evil.example/x": "https://evil.example",
    "https://127.0.0.1/x": "https://127.0.0.1",
    "https://[::1/x": "not a URL",
    f"https://{HOST}:99999/x": "not a URL",
    f"https://{HOST}:x/": "not a URL",
    "javascript:alert(1)": "not a URL",
    "file:///etc/passwd": "not a URL",
    "ftp://r.example.com/x": "plain ftp://r.example.com",
}


@pytest.mark.parametrize("location", WRONG)
def test_wrong(location: str) -> None:
    told = fault(endpoint(), ASKED, location)
    assert told.endswith(WRONG[location])
    assert "u:p" not in told


@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("https://h/u?a=b", "https://h/u?a=b&digest=sha256%3A0"),
        ("https://h/u", "https://h/u?digest=sha256%3A0"),
        ("https://h/u?", "https://h/u?digest=sha256%3A0"),
        ("https://h/u?a=b&", "https://h/u?a=b&digest=sha256%3A0"),
    ],
)
def test_a_digest_is_added(location: str, url: str) -> None:
    assert with_digest(location, "sha256:0") == url


def test_fragments_and_queries() -> None:
    assert resolved(ASKED, "/x?a=b#c") == f"https://{HOST}/x?a=b"
    assert bare(f"https://{HOST}/x?a=b#c") == f"https://{HOST}/x"
    assert bare("https://[::1") == ""

"""How long a chunk is that a registry asks for: never longer than 16 MiB, whatever it says."""

from __future__ import annotations

from typing import Any

import pytest

from edgegen.endpoints import Endpoint, Kind
from edgegen.net.answer import Response
from edgegen.verify.observation import Step
from edgegen.verify.push.upload import Made, push_chunks

OWN, MOST = 262_144, 16_777_216


class Asked:
    """An exchange that sends nothing, and notes which body is meant to be sent and as which part of the whole."""

    def __init__(self, least: str | None) -> None:
        self.endpoint = Endpoint("registry", "registry.test", Kind.REGISTRY, 443)
        self.base = "https://registry.test/v2/a"
        self.bodies: list[tuple[int, str]] = []
        self.headers = (("location", "/v2/a/blobs/uploads/1"),)
        self.headers += (("oci-chunk-min-length", least),) if least is not None else ()

    def heard_or_stopped(self, _: float) -> bool:
        return False

    def do(self, step: Step, method: str, url: str, **options: Any) -> Response:
        if step is Step.CHUNK:
            self.bodies.append((len(options["body"]), options["headers"]["Content-Range"]))
        answer = Response(url, 202, self.headers)
        assert step is Step.FINALISE or not options["judge"](answer)
        return answer


@pytest.mark.parametrize(
    ("least", "size"),
    [
        (None, OWN), ("", OWN), ("0", OWN), ("1", OWN), ("262143", OWN), ("262144", OWN), ("262145", 262_145),
        ("16777215", MOST - 1), ("16777216", MOST), ("16777217", MOST), ("99999999999", MOST),
        ("999999999999", OWN), ("9" * 5000, OWN), ("-300000", OWN), ("300000.5", OWN), ("300_000", OWN),
        ("\u0663" * 6, OWN), ("\u00b2", OWN), ("0x80000", OWN),
    ],
)  # fmt: skip
def test_a_chunk_is_as_long_as_the_registry_wants_within_a_bound(least: str | None, size: int) -> None:
    asked = Asked(least)
    blob = push_chunks(asked, Made(), "seed")  # type: ignore[arg-type]  # it stands for an Exchange
    assert asked.bodies == [(size, f"{index * size}-{(index + 1) * size - 1}") for index in range(3)]
    assert blob.size == 3 * size

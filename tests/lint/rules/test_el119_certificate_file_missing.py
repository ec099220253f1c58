"""Files of certificates that are not in the container of Traefik."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from edgegen.lint.views import image
from tests.lint.cases import Case, differences, module, with_fault
from tests.traefik.process import running

RULE = module(__name__)
TLS = """\
tls:
  certificates:
    - certFile: /certs/a.crt
      keyFile: /certs/a.key
  options:
    mutual: {clientAuth: {caFiles: [/ca/ca.pem]}}
"""


def edge(*mounts: str, image: str = "traefik:v3.7", more: str = "") -> str:
    lines = "".join(f"      - {mount}\n" for mount in ("./dyn:/dyn:ro", *mounts))
    return (
        f"services:\n  edge:\n    image: {image}\n    command: [--providers.file.directory=/dyn]\n{more}"
        f"    volumes:\n{lines}"
    )


def files(text: str = TLS) -> dict[str, str]:
    return {"dyn/tls.yml": text}


INLINE = "tls: {certificates: [{certFile: '-----BEGIN CERTIFICATE-----', keyFile: relative.key}]}\n"
CASES = (
    Case(
        edge(),
        [
            "3 high nothing is mounted at `/certs/a.crt` into `edge`: Traefik serves its own certificate",
            "4 high nothing is mounted at `/certs/a.key` into `edge`",
            "6 high nothing is mounted at `/ca/ca.pem` into `edge`: no connection with these options succeeds",
        ],
        files=files(),
    ),
    Case(edge("./c:/certs"), ["6 high nothing is mounted at `/ca/ca.pem` into `edge`"], files=files()),
    Case(
        edge(),
        ["1 high nothing is mounted at `/d.crt` into `edge`", "1 high nothing is mounted at `/d.key` into `edge`"],
        files=files("tls: {stores: {default: {defaultCertificate: {certFile: /d.crt, keyFile: /d.key}}}}\n"),
    ),
    Case(edge("./c:/certs", "ca:/ca"), files=files()),
    Case(edge(), files=files(INLINE)),
    Case(edge(), files=files("tls: {options: {default: {minVersion: VersionTLS13}}}\n")),
    Case(edge(), files=files("http: {serversTransports: {a: {rootCAs: [/gone.pem]}}}\n")),
    Case(
        edge(), files=files("tls: {options: {a: {clientAuth: {caFiles: [/etc/ssl/certs/ca-certificates.crt]}}}}\n")
    ),  # the image has it
    Case(edge("./c:${WHERE}"), files=files()),
    Case(edge(more="    build: .\n"), files=files()),
    Case(edge(image="r.example.com/traefik:v3.7"), files=files()),
    Case("services:\n  a: {image: x}\n", files=files()),
)


def test_the_table() -> None:
    assert differences(RULE, CASES) == []


def test_a_fault_in_the_rule_is_noticed() -> None:
    assert differences(with_fault(RULE, 'name.startswith("/") and ', ""), CASES)
    assert differences(with_fault(RULE, '"cafiles")', ")"), CASES)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("unsure = unsure or any(mount.unset or not mount.target for mount in service.mounts)", "pass"),
        ("and image.is_official\n", "\n"),
    ],
)
def test_a_fault_in_what_the_container_holds_is_noticed(
    monkeypatch: pytest.MonkeyPatch, right: str, wrong: str
) -> None:
    monkeypatch.setattr(RULE, "holds_only_mounts", with_fault(image, right, wrong).holds_only_mounts)
    assert differences(RULE, CASES)


@pytest.mark.slow
def test_traefik_starts_and_only_its_log_tells(tmp_path: Path) -> None:
    certificate = {"certFile": f"{tmp_path}/gone.crt", "keyFile": f"{tmp_path}/gone.key"}
    (tmp_path / "dynamic.yml").write_text(yaml.safe_dump({"tls": {"certificates": [certificate]}}))
    with running([f"--providers.file.filename={tmp_path}/dynamic.yml"]) as traefik:
        traefik.until(lambda _: any("PEM data" in line for line in traefik.log))
        assert any("ERR" in line and "failed to find any PEM data" in line for line in traefik.log)

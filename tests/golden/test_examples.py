"""Each example is a test: what is rendered from it is written down beside it."""

from __future__ import annotations

import re
from pathlib import Path

from tests.golden.examples import EXAMPLES, GIVEN, Golden, Rendered, dynamic_of, public_files


def test_what_is_rendered_is_what_is_written_down(example: tuple[str, str | None, Path], golden: Golden) -> None:
    name, environment, project = example
    expected = EXAMPLES / name / ("expected" + (f"-{environment}" if environment else ""))
    files = public_files(project)
    for path, text in files.items():
        golden(expected / path, text)
    on_disk = {file.relative_to(expected).as_posix() for file in expected.rglob("*") if file.is_file()}
    assert on_disk == set(files)


def test_no_hash_and_no_secret_is_in_what_may_be_shown(example: tuple[str, str | None, Path]) -> None:
    project = example[2]
    secrets = [
        file.read_text().strip() for file in project.glob("secrets/*") if not file.name.endswith((".env", ".users"))
    ]
    for path, text in public_files(project).items():
        assert not re.search(r"\$+(2[aby]|apr1|[56])\$+", text), path
        for secret in (*secrets, *GIVEN.values()):
            assert secret not in text, path


def test_secrets_of_s3_are_in_a_private_file_alone(rendered: Rendered) -> None:
    project = rendered("03-edge-kinds")
    private = (project / "secrets/hub.env").read_text()
    assert f"REGISTRY_STORAGE_S3_ACCESSKEY={GIVEN['S3_KEY']}\n" in private
    assert f"REGISTRY_STORAGE_S3_SECRETKEY={GIVEN['S3_SECRET']}\n" in private
    assert re.search(r"^REGISTRY_HTTP_SECRET=[A-Za-z0-9]{64}$", private, re.M)
    assert (project / "secrets/cloudflare-api-token").read_text().strip() == GIVEN["CLOUDFLARE_API_TOKEN"]


def test_error_pages_and_chains_are_named_with_their_provider(rendered: Rendered) -> None:
    """Traefik looks for a name alone where the middleware itself is written: in a file it finds no container."""
    files = dynamic_of(rendered("03-edge-kinds"))
    shared = next(data for data in files if "office" in data.get("http", {}).get("middlewares", {}))["http"][
        "middlewares"
    ]
    assert shared["pages"]["errors"]["service"] == "books@docker"
    assert shared["public"]["chain"]["middlewares"] == ["secure-headers@file", "squeeze@file"]
    assert "secure-headers" in shared

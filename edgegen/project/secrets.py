"""The values of the spec's secrets: made once, or fetched from where the spec says. They end in 0600 files only."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from edgegen.core.errors import SpecError
from edgegen.core.secret import Secret
from edgegen.desired.build import Desired
from edgegen.files import Output, read_file_bounded, read_project_file
from edgegen.kinds.parts import EnvFile
from edgegen.project.htpasswd import random_text
from edgegen.spec.shared import SecretSource

FOLDER = "secrets"
MAX_BYTES = 500_000  # Swarm's own limit for a secret
PRIVATE = 0o600


def secret_outputs(desired: Desired, project: Path, environ: Mapping[str, str]) -> list[Output]:
    """Every file below `secrets/`: the secrets themselves (kept for ever) and what is made of them."""
    values = {name: _value(name, source, project, environ) for name, source in desired.secrets.items()}
    kept = [
        Output(f"{FOLDER}/{name}", values[name].reveal().encode(), PRIVATE, keep=True)
        for name, source in desired.secrets.items()
        if not source.file
    ]
    derived = [Output(item.path, _env_file(item, values), PRIVATE) for item in desired.env_files]
    derived += [
        Output(item.path, "".join(f"{line}\n" for line in item.lines).encode(), PRIVATE)
        for item in desired.secret_files
    ]
    return [*kept, *derived]


def _value(name: str, source: SecretSource, project: Path, environ: Mapping[str, str]) -> Secret:
    if source.file:
        return _text(read_file_bounded(project / source.file, MAX_BYTES), source.file)
    present = read_project_file(project, f"{FOLDER}/{name}")
    if present is not None:
        return _text(present, f"{FOLDER}/{name}")
    if source.generate:
        return random_text(source.generate)
    return _from_environment(name, str(source.env), environ)


def _from_environment(name: str, variable: str, environ: Mapping[str, str]) -> Secret:
    if value := environ.get(variable):
        return Secret(value)
    if path := environ.get(f"{variable}_FILE"):
        return _text(read_file_bounded(Path(path), MAX_BYTES), path)
    raise SpecError(
        f"the secret `{name}` comes from the variable {variable}, which is not set",
        hint=f"set {variable} (or {variable}_FILE to a file), or write the value to {FOLDER}/{name} with mode 0600",
    )


def _text(content: bytes, file: str) -> Secret:
    try:
        return Secret(content.decode("utf-8"))
    except UnicodeDecodeError:
        raise SpecError(f"`{file}` is not UTF-8 text: it can't be used as a secret") from None


def _env_file(item: EnvFile, values: Mapping[str, Secret]) -> bytes:
    lines = []
    for variable, name in item.variables.items():
        value = values[name].reveal().removesuffix("\n").removesuffix("\r")
        if any(mark in value for mark in "\n\r\0"):
            raise SpecError(
                f"the secret `{name}` has several lines: it can't be the variable {variable}",
                hint=f"mount it instead: `secrets: [{name}]`, and give the application its path /run/secrets/{name}",
            )
        lines.append(f"{variable}={value}\n")
    return "".join(lines).encode()

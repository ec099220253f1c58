"""The values of the spec's secrets: made once, or fetched from where the spec says.

They end in files of a 0700 folder: 0600, or 0444 where a container mounts them and may run as any user.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from edgegen.core.errors import EdgegenError, Problem, SpecError
from edgegen.core.secret import Secret
from edgegen.desired.build import Desired
from edgegen.files import Output, read_project_file
from edgegen.files.output import PRIVATE
from edgegen.kinds.parts import EnvFile
from edgegen.secrets.htpasswd import random_text
from edgegen.spec.secrets import SecretSource
from edgegen.system.read import read_bounded
from edgegen.targets import Target

FOLDER = "secrets"
MAX_BYTES = 500_000  # Swarm's own limit for a secret


def secret_outputs(desired: Desired, project: Path, environ: Mapping[str, str]) -> list[Output]:
    """Every file below `secrets/`: the secrets themselves and what is made of them.

    What was generated or fetched once is kept; the copy of a user's file follows that file.
    """
    values = {name: _value(name, source, project, environ) for name, source in desired.secrets.items()}
    own = [
        Output(
            path(name),
            _bytes(values[name]),
            desired.secret_modes.get(name, PRIVATE),
            keep=not source.file or _is_in_place(name, source.file, project),
        )
        for name, source in desired.secrets.items()
    ]
    derived = [Output(item.path, _env_file(item, values, desired.target), PRIVATE) for item in desired.env_files]
    derived += [
        Output(item.path, "".join(f"{line}\n" for line in item.lines).encode(), PRIVATE)
        for item in desired.secret_files
    ]
    return [*own, *derived]


class SecretUnsetError(SpecError):
    """The variable that a secret comes from has no value here."""

    def __init__(self, variable: str, message: str, *, hint: str) -> None:
        super().__init__(message, hint=hint)
        self.variable = variable


def path(name: str) -> str:
    """The file of a secret."""
    return f"{FOLDER}/{name}"


def _is_in_place(name: str, file: str, project: Path) -> bool:
    """Whether the user's file is where its copy would be: then it stays theirs, and only its mode is corrected."""
    return (project / file).resolve() == (project / path(name)).resolve()


def _value(name: str, source: SecretSource, project: Path, environ: Mapping[str, str]) -> Secret:
    if source.file:
        return _from_file(name, source.file, project)
    present = read_project_file(project, path(name))
    if present is not None:
        return _filled(present, name, path(name), "write the value into it, or remove the file to have it made again")
    if source.generate:
        return random_text(source.generate)
    return _from_environment(name, str(source.env), environ)


def _from_file(name: str, file: str, project: Path) -> Secret:
    how = f"write the value into {file}, or change `file`"
    try:
        content = read_bounded(project / file, MAX_BYTES)
    except EdgegenError as error:
        at = f"secrets.{name}.file"
        problems = [Problem(f"`{file}`: {item.message}", path=at, hint=item.hint or how) for item in error.problems]
        raise type(error)(problems) from error.__cause__  # what lint asks for: was it missing?
    return _filled(content, name, file, how)


def _filled(content: bytes, name: str, file: str, how: str) -> Secret:
    """Raises SpecError where there is nothing in the file: Swarm refuses it, and on Compose it is an empty password."""
    if not content.strip():
        raise SpecError(Problem(f"the file {file} is empty, and a secret can't be", path=f"secrets.{name}", hint=how))
    return _secret(content)


def _from_environment(name: str, variable: str, environ: Mapping[str, str]) -> Secret:
    if value := environ.get(variable):
        return Secret(value)
    if file := environ.get(f"{variable}_FILE"):
        return _filled(read_bounded(Path(file), MAX_BYTES), name, file, f"write the value into {file}")
    raise SecretUnsetError(
        variable,
        f"the secret `{name}` comes from the variable {variable}, set neither in the environment nor in `.env`",
        hint=f"set {variable} (or {variable}_FILE to a file), or write the value to {FOLDER}/{name} with mode 0600",
    )


# Bytes that are not UTF-8 (a keystore, say) are mounted as they are: they only can't be the value of a variable.


def _secret(content: bytes) -> Secret:
    return Secret(content.decode("utf-8", "surrogateescape"))


def _bytes(value: Secret) -> bytes:
    return value.reveal().encode("utf-8", "surrogateescape")


def _env_file(item: EnvFile, values: Mapping[str, Secret], target: Target) -> bytes:
    lines = []
    for variable, name in item.variables.items():
        value = values[name].reveal().removesuffix("\n").removesuffix("\r")
        if fault := _unfit_for_variables(value):
            raise SpecError(
                f"the secret `{name}` {fault}: it can't be the variable {variable}",
                hint=f"mount it instead: `secrets: [{name}]`, and give the application its path /run/secrets/{name}",
            )
        lines.append(f"{variable}={target.variable(value)}\n")
    return "".join(lines).encode()


def _unfit_for_variables(value: str) -> str:
    if any("\ud800" <= character <= "\udfff" for character in value):
        return "is not UTF-8 text"
    return "has several lines" if any(mark in value for mark in "\n\r\0") else ""

"""Variables of a stack that get another value from `docker stack` than from Compose. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from edgegen.core.pattern import late_pattern
from edgegen.lint.model import Remark
from edgegen.lint.reader.origin import Layer, Origin
from edgegen.lint.reader.unset import said
from edgegen.spec.dollars import DOUBLED_HASH, HASH
from edgegen.spec.stack_variables import misread_form, refused_form
from edgegen.spec.variables import VariableError, variables

_WITH_WORD = late_pattern(r"\$\{\w+:?[-+?]")


def forms(layers: Iterable[Layer]) -> Iterator[Remark]:
    """Each text with a form that only Compose knows."""
    for layer in layers:
        if not _WITH_WORD.search(layer.file.text):
            continue
        for whole, origin in said(layer):
            text = HASH.sub("", DOUBLED_HASH.sub("", whole))  # EL032 knows what becomes of a password's hash
            try:
                form, fault = refused_form(text), misread_form(text)
            except VariableError:
                continue  # `invalid` has it
            if form:
                message = f"`docker stack` does not know the form `{form}`, and refuses the file"
                yield Remark(message, origin.spot)
            elif fault:
                yield Remark(fault, origin.spot, refused=False)


def only_in_files(layers: Iterable[Layer], environ: Mapping[str, str]) -> dict[str, Origin]:
    """Variables whose value is in `.env`, which `docker stack` does not read: the first place that uses each. Of those
    that are required (`${NAME:?}`) it says so itself."""
    found: dict[str, Origin] = {}
    for layer in layers:
        if "$" not in layer.file.text:
            continue
        for text, origin in said(layer):
            for name in _names(text):
                if name in layer.values and name not in environ:
                    found.setdefault(name, origin)
    return found


def _names(text: str) -> list[str]:
    try:
        return [variable.name for variable in variables(text) if not variable.is_required]
    except VariableError:
        return []

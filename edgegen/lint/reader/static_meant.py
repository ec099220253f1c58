"""Misspelt words of a static configuration as they were meant: one slip is one fault, and not three. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from edgegen.lint.model import Static
from edgegen.traefik.file_words import FileEffect, static_file_faults
from edgegen.traefik.label_fault import Effect
from edgegen.traefik.static_words import static_faults
from edgegen.traefik.version import Version


def as_meant(static: Static, version: Version | None) -> Static:
    """With the option that was meant in place of each that keeps Traefik from starting."""
    found = _of_file(static, version) if static.source == "file" else _of_options(static, version)
    meant = {option: wanted for option, wanted in found if wanted.lower() not in static.options}
    if not meant:
        return static
    options = {meant.get(option, option).lower(): value for option, value in static.options.items()}
    spelled = {
        meant.get(option, option).lower(): _spelled(text, meant.get(option, text))
        for option, text in static.spelled.items()
    }
    return replace(static, options=options, spelled={**static.spelled, **spelled}, said=static.options)


def _of_options(static: Static, version: Version | None) -> Iterator[tuple[str, str]]:
    texts = {name: value.text for name, value in static.options.items() if name != "configfile"}
    for fault in static_faults(texts, version):
        if fault.effect is Effect.STOPS and fault.meant:
            yield fault.label, fault.meant


def _of_file(static: Static, version: Version | None) -> Iterator[tuple[str, str]]:
    """One key of a file may hold many options."""
    for fault in static_file_faults(static.document.data, version) if static.document else ():
        if fault.effect is not FileEffect.REFUSES or not fault.meant or fault.word != str(fault.path[-1]):
            continue
        *above, word = (str(part).lower() for part in fault.path)
        wrong, right = ".".join((*above, word)), ".".join((*above, fault.meant))
        for option in static.options:
            if option == wrong or option.startswith(f"{wrong}."):
                yield option, right + option[len(wrong) :]


def _spelled(text: str, meant: str) -> str:
    """What was meant, with the case that the names in it were written with."""
    words, wanted = text.split("."), meant.split(".")
    if len(words) != len(wanted):
        return meant
    return ".".join(word if word.lower() == new.lower() else new for word, new in zip(words, wanted, strict=True))

"""Which of its sources Traefik takes: a file before flags, flags before variables, and never two of them.

Source: cmd/traefik's loaders in paerser, and runs of 3.7.15.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec.structs import replace

from edgegen.lint.model import Service, Spot, Static, Value
from edgegen.lint.reader.container import Container
from edgegen.lint.reader.disk import LIMIT
from edgegen.lint.reader.documents import read_document
from edgegen.lint.reader.inline import inline_document
from edgegen.lint.reader.static_env import read_variables
from edgegen.lint.reader.static_file import flattened
from edgegen.lint.reader.static_flags import arguments, read_flags
from edgegen.lint.sources import Document, Flags, Place, Seen
from edgegen.traefik.grammar import Type, static_type
from edgegen.traefik.version import Version, is_called_traefik

CONFIG_FILE = "configfile"
_BASES = ("/etc/traefik/traefik", "/root/.config/traefik", "traefik")
_ENDS = ("toml", "yaml", "yml")


def static_of(container: Container, version: Version | None) -> Static:
    """The static configuration of a service, from the source that counts, with what the others say."""
    service = container.service
    kind = static_type(version)
    words, wrapped = arguments(service)
    flags = read_flags(words, _takes_next(kind), _is_list(kind))
    variables = read_variables(service.environment, (*kind.fields, CONFIG_FILE))
    found = Static("none", spot=service.spot, flags=flags, variables=variables)
    place, document = _file(container, flags)
    if document is not None and place is not None:
        return _of_file(found, document, place)
    if place is not None and place.seen is Seen.HIDDEN:
        # It may hold everything, or nothing: then the flags count.
        known = replace(found, source="file") if place.exact else _of_flags(found)
        return replace(known, hidden=True, mount=place)
    hidden = wrapped or service.partial or not _is_stock(service)
    if words:
        return replace(_of_flags(found), hidden=hidden or flags.hidden, mount=place)
    hidden = hidden or not _is_mirrored(service)  # nobody starts one without any provider: it has a file built in
    if variables.options or variables.hidden:
        options = {name: value for name, value in variables.options.items() if name != CONFIG_FILE}
        return replace(found, source="environment", options=options, spelled={name: name for name in options},
                       hidden=hidden or variables.hidden, mount=place)  # fmt: skip
    return replace(found, hidden=hidden, mount=place)


def of_document(document: Document) -> Static:
    """A file that was named on its own."""
    return _of_file(Static("none"), document, None)


def _of_flags(found: Static) -> Static:
    if found.flags is None or not (found.flags.options or found.flags.stopped or found.flags.refused):
        return found
    return replace(found, source="flags", options=found.flags.options, spelled=found.flags.spelled)


def _of_file(found: Static, document: Document, place: Place | None) -> Static:
    top = Spot(document.file)
    options, spelled = flattened(document.data, top)
    unseen = bool(document.problem or document.unsure)
    return replace(found, source="file", options=options, spelled=spelled, hidden=unseen, spot=top,
                   document=document, mount=place)  # fmt: skip


def _file(container: Container, flags: Flags) -> tuple[Place | None, Document | None]:
    """The first file that Traefik would find, and where it is; only a place where it can't be seen."""
    named = flags.options.get(CONFIG_FILE)
    if named is not None and not named.known:
        return Place(Seen.HIDDEN, exact=True), None
    missing: Place | None = None
    maybe: Place | None = None
    for path in _paths(named):
        place = container.at(path)
        if document := _read(container, path, place):
            return place, document
        is_named = named is not None and path == named.text
        if place.seen is Seen.HIDDEN and (place.exact or is_named):
            return replace(place, exact=True), None
        if place.seen is Seen.HIDDEN:
            maybe = maybe or place
        elif is_named:
            missing = place if _is_stock(container.service) else replace(place, seen=Seen.HIDDEN, exact=True)
            if missing.seen is Seen.HIDDEN:
                return missing, None
    return maybe or missing, None


def _paths(named: Value | None) -> Iterator[str]:
    if named is not None and named.text.strip():
        yield named.text
    for base in _BASES:
        for end in _ENDS:
            yield f"{base}.{end}"


def _read(container: Container, path: str, place: Place) -> Document | None:
    if place.seen is Seen.TEXT:
        return inline_document(path, place)
    if place.seen is not Seen.FILE:
        return None
    content = container.disk.read(place.path, LIMIT)
    shown = container.disk.shown(place.path)
    return None if content is None else read_document(shown, place.path, content, language_from=path)


def _is_stock(service: Service) -> bool:
    """Whether the image has no configuration built in."""
    return not service.built and service.image is not None and is_called_traefik(service.image.text)


def _is_mirrored(service: Service) -> bool:
    """Whether the image is Docker Hub's `traefik`, or one that is called like its copy in another registry."""
    path = service.image.text.partition("@")[0].rpartition("/")[0] if service.image else ""
    return path.rpartition("/")[2] in ("", "docker.io", "library", "traefik")


def _takes_next(kind: Type) -> Callable[[str], bool]:
    def takes(option: str) -> bool:
        found = kind.at(option)
        if found is not None and found.kind in ("flag", "struct"):
            return False
        # Below a name that people choose, paerser takes the flag for the group above it, which needs no value.
        words = option.split(".")
        above = (kind.at(".".join(words[:length])) for length in range(1, len(words)))
        return not any(found is not None and found.kind == "mapping" for found in above)

    return takes


def _is_list(kind: Type) -> Callable[[str], bool]:
    def is_list(option: str) -> bool:
        found = kind.at(option)
        return found is not None and found.kind in ("list", "decimals", "structs")

    return is_list

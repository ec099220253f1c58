"""One of Traefik's own files: YAML or TOML -> data with places, or why Traefik refuses it.

Traefik reads YAML with gopkg.in/yaml.v3 and TOML with BurntSushi's reader, and decides by the name's end.
"""

from __future__ import annotations

from collections.abc import Sequence

from edgegen.core.errors import Problem, SpecError
from edgegen.core.location import Location
from edgegen.core.pattern import late_pattern
from edgegen.lint.model import File
from edgegen.lint.reader.nowhere import Nowhere
from edgegen.lint.reader.toml_places import TomlPlaces
from edgegen.lint.reader.toml_words import in_words
from edgegen.lint.sources import Document
from edgegen.spec.lenient import LIMITS, Remark, read_documents
from edgegen.spec.lenient import Document as YamlDocument

_PLACE = late_pattern(r"\s*\(at line (\d+), column (\d+)\)")
_TEMPLATE = "{{"


def language_of(name: str) -> str:
    """`toml`, `yaml`, or empty for a name that Traefik's file provider passes over."""
    end = name.lower().rpartition(".")[2]
    return {"toml": "toml", "yml": "yaml", "yaml": "yaml"}.get(end, "")


def read_document(
    name: str, path: str, content: bytes, *, templates: bool = False, language_from: str = ""
) -> Document:
    """A file by its bytes. `templates`: it is one in which Traefik looks for Go templates.

    `language_from`: the name that it has in the container, whose end decides.
    """
    text = content.decode("utf-8", "replace").removeprefix("\ufeff")
    language = language_of(language_from or name) or "yaml"
    if templates and _TEMPLATE in text:
        return Document(File(name, path, text, Nowhere(), language), template=True)
    if language == "toml":
        return _toml(File(name, path, text, TomlPlaces(text), language))
    return _yaml(name, path, content, text)


def _toml(file: File) -> Document:
    import tomllib  # most projects have no such file

    try:
        return Document(file, tomllib.loads(file.text))
    except tomllib.TOMLDecodeError as error:
        text = str(error)
        found = _PLACE.search(text)
        where = Location(file.name, int(found[1]), int(found[2])) if found else Location(file.name)
        return Document(file, problem=Problem(in_words(_PLACE.sub("", text)), where))
    except RecursionError:
        return Document(file, unsure=Problem("this file is nested too deeply to be read here", Location(file.name)))


def _yaml(name: str, path: str, content: bytes, text: str) -> Document:
    nowhere = File(name, path, text, Nowhere())
    try:
        documents = read_documents(content, name, LIMITS)
    except SpecError as error:
        return Document(nowhere, problem=error.problems[0])
    if not documents:
        return Document(nowhere)
    first = documents[0]
    file = File(name, path, first.text.characters, first)
    if odd := min((item for item in first.remarks if item.refused), key=_for_traefik, default=None):
        problem = Problem(odd.message, first.text.location(odd.index))
        return Document(file, unsure=problem) if _for_traefik(odd) else Document(file, problem=problem)
    if first.data is None:
        return Document(file, more=_more(documents))
    if not isinstance(first.data, dict):
        return Document(file, problem=Problem("there are no `key: value` lines at its top", Location(name, 1, 1)))
    return Document(file, first.data, more=_more(documents))


def _for_traefik(item: Remark) -> bool:
    """False for what Traefik's reader refuses, too; of the rest it is unknown."""
    return "a second time" not in item.message


def _more(documents: Sequence[YamlDocument]) -> Location | None:
    """Where a second document starts: Traefik reads only the first."""
    more = [item for item in documents[1:] if item.data]
    return more[0].text.location(more[0].index(())) if more else None

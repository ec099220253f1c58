"""Where what Traefik names is written: containers, routers, middlewares, services, options."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace

from edgegen.lint.labelled import is_whole
from edgegen.lint.model import Project, Service, Spot, Traefik, Value
from edgegen.oracle.question import Question
from edgegen.project.asking.in_files import Place, below, paths
from edgegen.project.asking.question import container_name

_LABEL = re.compile(r"traefik\.(http|tcp|udp)\.(routers|services|middlewares)\.([^.]+)(?:\.(.*))?", re.IGNORECASE)


class Places:
    """An index of one question. Names without an owner are at the Traefik itself."""

    def __init__(self, project: Project, traefik: Traefik | None, question: Question) -> None:
        self._project = project
        self._traefik = traefik
        self._question = question
        self._dynamic = traefik.dynamic if traefik is not None else project.dynamic
        self._services = {
            _plain(name): service for service in project.services.values() for name in self._names(service)
        }

    def of_container(self, said: str, text: str) -> Place | None:
        """The label of a container that a text is about. `said` is Traefik's name of it, with an id at its end."""
        service = self.service(said)
        if service is None:
            return None
        return self._of_words(service, _words(text)) or self._of_service(service)

    def service(self, said: str) -> Service | None:
        """The service that a container is of."""
        name = re.sub(r"-[0-9a-f]{12,64}$", "", said.lstrip("/"))
        return self._services.get(_plain(name))

    @property
    def shows_files(self) -> bool:
        """Whether the files show what is in the container of their Traefik: one of another project has other mounts."""
        service = self._traefik.service if self._traefik else None
        return service is not None and not (service.partial or service.built)

    def is_labelled(self, said: str) -> bool:
        """Whether a container has labels for Traefik."""
        service = self.service(said)
        return service is None or any(key.lower().startswith("traefik") for key in self._labels(service))

    def of_network(self, said: str, name: str, place: Place | None) -> Place | None:
        """Where the name of a network that a container is not on is written: once for all, or at the container."""
        service = self.service(said)
        if service is None or any(value.text == name for value in self._labels(service).values()):
            is_shown = service is None or not (service.partial or "$" in str(service.data.get("networks", "")))
            return place if place is None or is_shown else replace(place, is_known=False)
        return self.option([name]) or place

    def holding(self, label: str) -> Place | None:
        """Where a label of this beginning is, of whatever service: for `Skip container` without a name."""
        for service in self._services.values():
            for key, value in self._labels(service).items():
                if key.startswith(label):
                    return Place(value.spot.of_key, service.name, value.known)
        return None

    def of_item(self, kind: str, name: str, words: Iterable[str]) -> Place | None:
        """Where a router, middleware or service `NAME@PROVIDER` is written: the option that one of `words` names."""
        own, _, provider = name.rpartition("@")
        if provider == "file":
            return self._in_files(kind, own, words)
        for service in self._services.values():
            labels = {key: value for key, value in self._labels(service).items() if _is_of(key, kind, own)}
            if labels:
                return self._of_options(service, labels, words)
        # Traefik calls what has no name in a label after the container.
        unnamed = self._services.get(_plain(own))
        return self._of_service(unnamed) if unnamed else None

    def of_static(self, words: Iterable[str]) -> Place | None:
        """The option of the static configuration that one of the words is in; else where it is as a whole."""
        if self._traefik is None:
            return None
        return self.option(words) or Place(self._traefik.static.spot or self._traefik.spot, self._subject)

    def option(self, words: Iterable[str]) -> Place | None:
        """The static option that one of the words is in."""
        for word in filter(None, words):
            for option, value in self._static().items():
                if word.lower() in (option, *re.split(r"[.\[\]]+", option)) or word == value.text:
                    return Place(value.spot, self._subject, value.known)
        return None

    def anywhere(self, words: Sequence[str]) -> Place | None:
        """The label, or the key of a dynamic file, that one of the words is in: for a text without any name."""
        for service in self._services.values():
            if place := self._of_words(service, words):
                return place
        for file in self._dynamic:
            for path in paths(file.data):
                if str(path[-1]).lower() in (word.lower() for word in words):
                    return Place(Spot(file.file, path, True), file.file.name)
        return None

    @property
    def _subject(self) -> str:
        return self._traefik.service.name if self._traefik and self._traefik.service else "traefik"

    def _static(self) -> Mapping[str, Value]:
        """Option -> where it is written."""
        if self._traefik is None or self._traefik.static.written or self._traefik.service is None:
            return self._traefik.static.written if self._traefik else {}
        values = self._traefik.service.environment.items()
        return {name.removeprefix("TRAEFIK_").replace("_", ".").lower(): value for name, value in values
                if value is not None and name.startswith("TRAEFIK_")}  # fmt: skip

    def of_file(self, said: str, words: Iterable[str]) -> Place | None:
        """A key of a dynamic file, whose name Traefik says with the index that the question gave it."""
        found = re.match(r"(\d+)-", said.rpartition("/")[2])
        if found is None or int(found.group(1)) >= len(self._dynamic):
            return None
        file = self._dynamic[int(found.group(1))]
        for word in words:
            for path in paths(file.data):
                if str(path[-1]).lower() == word.lower():
                    return Place(Spot(file.file, path, True), file.file.name)
        return Place(Spot(file.file), file.file.name)

    def other_files(self) -> int:
        """How many files the folder of dynamic files has besides one."""
        return max(0, len(self._dynamic) - 1)

    def _labels(self, service: Service) -> Mapping[str, Value]:
        return service.deploy_labels if self._question.provider == "swarm" else service.labels

    def _of_words(self, service: Service, words: Sequence[str]) -> Place | None:
        """The label that has a word in its key, or as its value; in exactly this spelling before any other."""
        labels = [(key, value) for key, value in self._labels(service).items() if key.lower().startswith("traefik")]
        for word in words:
            for spelled in (str, str.lower):
                for key, value in labels:
                    if spelled(word) in re.split(r"[.\[\]]+", spelled(key)):
                        return Place(value.spot.of_key, service.name, value.known)
            for _, value in labels:
                if word == value.text:
                    return Place(value.spot, service.name, value.known)
        return None

    def _of_options(self, service: Service, labels: Mapping[str, Value], words: Iterable[str]) -> Place:
        known = _is_known(labels)
        for word in words:
            for key, value in labels.items():
                found = _LABEL.fullmatch(key)
                option = (found.group(4) or "").lower() if found else ""
                if (
                    option == word.lower()
                    or option.startswith(f"{word.lower()}.")
                    or (len(word) > 2 and word in value.text)
                ):
                    return Place(value.spot, service.name, known)
        return Place(next(iter(labels.values())).spot.of_key, service.name, known)

    def _in_files(self, kind: str, own: str, words: Iterable[str]) -> Place | None:
        for file in self._dynamic:
            for path in paths(file.data):
                if len(path) == 3 and path[1] == kind and str(path[2]).lower() == own.lower():
                    return below(file, path, words)
        return None

    def _of_service(self, service: Service) -> Place:
        return Place(service.spot, service.name, _is_known(self._labels(service)))

    def _names(self, service: Service) -> tuple[str, str]:
        """What Traefik calls a service's container: after Compose's labels, or after the container."""
        name = self._project.name or "project"
        return f"{service.name}-{name}", container_name(name, service.name, self._question.provider)


def _is_of(label: str, kind: str, own: str) -> bool:
    found = _LABEL.fullmatch(label)
    return found is not None and found.group(2).lower() == kind and found.group(3).lower() == own.lower()


def _is_known(labels: Mapping[str, Value]) -> bool:
    return all(
        value.known and is_whole(key, value) for key, value in labels.items() if key.lower().startswith("traefik")
    )


def _words(text: str) -> list[str]:
    """What a text names: `node: x`, and whatever is in quotes."""
    found = re.findall(r"node: ([^\s,\"]+)|label root (\S+)|\"([^\"]+)\"", text)
    return [word for group in found for word in group if word]


def _plain(name: str) -> str:
    """As Traefik normalises names."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")

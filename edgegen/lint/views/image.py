"""What an image's name says."""

from __future__ import annotations

from msgspec import Struct

from edgegen.lint.model import Service


class Image(Struct, frozen=True):
    """An image reference in its parts."""

    repository: str
    """With its registry, without tag and digest."""
    tag: str
    digest: str

    @property
    def name(self) -> str:
        """The last part of the repository, in lower case."""
        return self.repository.rpartition("/")[2].lower()

    @property
    def is_official(self) -> bool:
        """Whether it is one of Docker Hub's own images, which have no owner: `redis`, `library/redis`."""
        return self.repository.lower() in (self.name, f"library/{self.name}", f"docker.io/library/{self.name}")

    @property
    def major(self) -> int | None:
        """The number that the tag begins with."""
        digits = self.tag.removeprefix("v").partition(".")[0].partition("-")[0]
        return int(digits) if digits.isdecimal() and len(digits) < 7 else None


def image_of(service: Service) -> Image | None:
    """The image of a service; None where it has none, or a variable hides a part of it."""
    if service.image is None or not service.image.known:
        return None
    text, _, digest = service.image.text.partition("@")
    folder, slash, last = text.rpartition("/")
    name, _, tag = last.partition(":")
    return Image(f"{folder}{slash}{name}", tag, digest)


def may_be_registry(service: Service) -> bool:
    """Whether its image may be the distribution registry, before its name is read."""
    return service.image is not None and ("registry" in service.image.text or "distribution" in service.image.text)


def holds_only_mounts(service: Service) -> bool:
    """Whether its container surely has one of Docker's own images as it is, and besides only what these files mount."""
    image = image_of(service)
    unsure = service.built or service.partial or "volumes_from" in service.data
    unsure = unsure or any(mount.unset or not mount.target for mount in service.mounts)
    return not unsure and image is not None and image.is_official

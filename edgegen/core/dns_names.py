"""Names of DNS records in canonical spelling. Pure.

Less strict than `Hostname`: the labels of a record's name may start with an underscore.
"""

from __future__ import annotations


def dns_name(name: str) -> str:
    """Lower case, IDNA (UTS-46), no trailing dot. `*` and labels with an underscore are allowed. Raises ValueError."""
    plain = name.strip().removesuffix(".")
    if plain.isascii():
        return plain.lower()
    import idna  # only for names that need it: loading its tables takes 30 ms

    def label(text: str) -> str:
        # Python's own lower case differs from UTS-46: a capital sigma at the end of a word becomes another letter.
        return text.lower() if text.isascii() else idna.encode(text, uts46=True).decode("ascii").removesuffix(".")

    try:
        return ".".join(label(part) for part in plain.split("."))
    except idna.IDNAError as error:
        raise ValueError(f"`{name[:60]}` is not a valid international name: {error}") from None


def full_name(name: str, zone: str) -> str:
    """A record's full name: `@` is the zone, names that end in the zone are full already, others are below it."""
    plain = dns_name(name)
    if plain == "@":
        return zone
    return plain if is_within(plain, zone) else f"{plain}.{zone}"


def is_within(name: str, zone: str) -> bool:
    """Whether a name is the zone itself or is below it."""
    return name == zone or name.endswith(f".{zone}")

"""`encoded-characters`: which encoded characters a path may hold."""

from typing import ClassVar, Literal

from pydantic import ConfigDict

from edgegen.core.json_schema import AN_OPTION
from edgegen.traefik.middlewares.base import Middleware
from edgegen.traefik.middlewares.values import Flag


class EncodedCharacters(Middleware):
    """Which encoded characters a path may hold."""

    model_config = ConfigDict(json_schema_extra=AN_OPTION)

    needs_option: ClassVar[bool] = True

    kind: Literal["encoded-characters"] = "encoded-characters"
    allow_encoded_slash: Flag | None = None
    """Allow %2F."""
    allow_encoded_back_slash: Flag | None = None
    """Allow %5C."""
    allow_encoded_null_character: Flag | None = None
    """Allow %00."""
    allow_encoded_semicolon: Flag | None = None
    """Allow %3B."""
    allow_encoded_percent: Flag | None = None
    """Allow %25."""
    allow_encoded_question_mark: Flag | None = None
    """Allow %3F."""
    allow_encoded_hash: Flag | None = None
    """Allow %23."""

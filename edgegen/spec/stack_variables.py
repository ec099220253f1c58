"""What `docker stack` makes of a text with variables where Compose makes something else of it. Pure."""

from __future__ import annotations

from edgegen.spec.variables import Variable, as_written


def refused_form(text: str) -> str:
    """The first form that `docker stack` refuses, and the whole file with it; "" for none. Raises VariableError."""
    return next((shown(variable) for variable, _ in as_written(text) if variable.operator.endswith("+")), "")


def misread_form(text: str) -> str:
    """Why it gets another value than from Compose; "" where it doesn't. Raises VariableError."""
    for variable, raw in as_written(text):
        if any(isinstance(piece, Variable) for piece in variable.word):
            return f"`docker stack` replaces no variable inside of `{shown(variable)}`: it would stay there as text"
        if "$$" in raw:
            return (
                f"to `docker stack` `$$` inside of `{shown(variable)}` is two dollars: the container would get another"
                " value"
            )
    return ""


def shown(variable: Variable) -> str:
    """The variable without what may be a value: `${NAME:-…}`."""
    return f"${{{variable.name}{variable.operator}…}}"

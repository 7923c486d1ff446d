"""Parameters of a notebook: typed, documented, literal; read and checked before a kernel starts.

A parameters cell holds one line a parameter, ``name: type = default  # help``, and nothing else. Types are str, int,
float and bool, each with ``| None`` if wanted. The help may carry one rule, which the default need not obey:
``public | internal`` (one of these words), ``0 .. 1_000_000`` (from, to) or ``YYYY-MM-DD`` (a date).
"""

from __future__ import annotations

import ast
import io
import math
import re
import tokenize
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from needscast.errors import NeedscastError, one_of

Value = str | int | float | bool | None

TYPES: Mapping[str, type] = {"str": str, "int": int, "float": float, "bool": bool}
TAG = "parameters"
INJECTED_TAG = "injected-parameters"

_CHOICES = re.compile(r"[\w-]+(?: \| [\w-]+)+")
_LIMITS = re.compile(r"(-?[\d_]+(?:\.\d+)?) \.\. (-?[\d_]+(?:\.\d+)?)")
_DATE = "YYYY-MM-DD"
_DATE_SHAPE = re.compile(r"\d{4}-\d{2}-\d{2}")


class ParameterError(NeedscastError):
    """A parameters cell that breaks the rules, or a value that a notebook cannot take."""


@dataclass(frozen=True)
class Parameter:
    """One parameter of a notebook.

    Attributes
    ----------
    type : a key of :data:`TYPES`.
    optional : whether ``None`` is allowed.
    default : taken when nothing is given, and always allowed.
    help : the comment beside it.
    """

    name: str
    type: str
    optional: bool
    default: Value
    help: str

    @property
    def choices(self) -> tuple[str, ...]:
        """The words that are allowed, or none when any is."""
        found = _CHOICES.search(self.help)
        return tuple(found.group().split(" | ")) if found else ()

    @property
    def limits(self) -> tuple[float, float]:
        """The smallest and the largest number that is allowed."""
        found = _LIMITS.search(self.help)
        return (float(found.group(1)), float(found.group(2))) if found else (-math.inf, math.inf)

    def checked(self, value: Any) -> Value:
        """Return a value as the notebook gets it: a date as ISO text, a whole number as float where one is asked for.

        Raises
        ------
        ParameterError : when it has another type, or breaks the rule in the help.
        """
        given = value.isoformat() if isinstance(value, date) else value
        made = self._typed(given)
        if made != self.default and made is not None:
            self._check_rule(made)
        return made

    def _typed(self, value: Any) -> Value:
        wanted = f"{self.type}{' or None' if self.optional else ''}"
        if value is None and self.optional:
            return None
        if self.type == "float" and isinstance(value, int) and not isinstance(value, bool):
            return float(value)
        if type(value) is not TYPES[self.type]:
            raise ParameterError(f"parameter '{self.name}' is {value!r}, a {type(value).__name__}; give a {wanted}")
        if isinstance(value, float) and not math.isfinite(value):
            raise ParameterError(f"parameter '{self.name}' is {value}; give a number")
        return cast(Value, value)

    def _check_rule(self, value: Value) -> None:
        if self.choices and value not in self.choices:
            raise ParameterError(one_of(f"value of parameter '{self.name}':", value, self.choices))
        if isinstance(value, int | float) and not self.limits[0] <= value <= self.limits[1]:
            low, high = (f"{each:g}" for each in self.limits)
            raise ParameterError(f"parameter '{self.name}' is {value}; give a number from {low} to {high}")
        if _DATE in self.help and not _is_date(value):
            raise ParameterError(f"parameter '{self.name}' is {value!r}, not a date; use {_DATE}")


def read_parameters(source: str) -> dict[str, Parameter]:
    """Read the source of a parameters cell.

    Raises
    ------
    ParameterError : for anything but ``name: type = literal  # help``: a derived value would keep its old default when
        a parameter is injected below it.
    """
    comments = _comments(source)
    found: dict[str, Parameter] = {}
    for statement in ast.parse(source).body:
        made = _parameter(statement, comments.get(statement.end_lineno or 0, ""))
        if made.name in found:
            raise ParameterError(f"parameters cell line {statement.lineno}: '{made.name}' stands there twice; keep one")
        found[made.name] = made
    return found


def check_values(known: Mapping[str, Parameter], given: Mapping[str, Any]) -> dict[str, Value]:
    """Return the value of every parameter: what was given, checked, else the default.

    Raises
    ------
    ParameterError : for a name that the notebook does not have (with the nearest it has), or a wrong value.
    """
    for name in given:
        if name not in known:
            raise ParameterError(one_of("parameter", name, known))
    return {name: each.checked(given[name]) if name in given else each.default for name, each in known.items()}


def check_injected(source: str, values: Mapping[str, Value]) -> None:
    """Refuse an executed notebook whose injected cell does not say exactly what was to be injected."""
    said = {}
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            said[statement.targets[0].id] = ast.literal_eval(statement.value)
    if {name: repr(value) for name, value in said.items()} != {name: repr(value) for name, value in values.items()}:
        raise ParameterError(
            f"the notebook ran with the parameters {said}, not with {dict(values)}; report this as a fault"
        )


def _parameter(statement: ast.stmt, comment: str) -> Parameter:
    where = f"parameters cell line {statement.lineno}"
    if (
        not isinstance(statement, ast.AnnAssign)
        or not isinstance(statement.target, ast.Name)
        or statement.value is None
    ):
        raise ParameterError(
            f"{where}: '{ast.unparse(statement)}' is not 'name: type = value  # help'; "
            "anything derived belongs in the next cell"
        )
    name = statement.target.id
    words = [word.strip() for word in ast.unparse(statement.annotation).split("|")]
    kinds = [word for word in words if word != "None"]
    if len(kinds) != 1 or kinds[0] not in TYPES:
        raise ParameterError(
            f"{where}: {one_of('type', ' | '.join(words), [*TYPES, *(f'{each} | None' for each in TYPES)])}"
        )
    try:
        default = ast.literal_eval(statement.value)
    except ValueError:
        raise ParameterError(
            f"{where}: the default of '{name}' is '{ast.unparse(statement.value)}', not a literal; a derived "
            "value keeps the old default when a parameter is given, so derive it in the next cell"
        ) from None
    made = Parameter(name, kinds[0], "None" in words, default, comment)
    try:
        made._typed(default)
    except ParameterError as problem:
        raise ParameterError(f"{where}: default of {problem}") from None
    if not comment:
        raise ParameterError(f"{where}: '{name}' has no help; say after '#' what it is")
    return made


def _comments(source: str) -> dict[int, str]:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {token.start[0]: token.string.lstrip("# ").strip() for token in tokens if token.type == tokenize.COMMENT}


def _is_date(value: Any) -> bool:
    if not isinstance(value, str) or not _DATE_SHAPE.fullmatch(value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True

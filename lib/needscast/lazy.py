"""Names of a package that are loaded when somebody asks for one, so that importing it costs next to nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def loaded_when_asked(package: str, modules: Mapping[str, str]) -> Callable[[str], Any]:
    """Return the ``__getattr__`` of a package, given the module of each name; a module of that name is meant itself."""

    def found(name: str) -> Any:
        if name not in modules:
            known = ", ".join(sorted(modules))
            raise AttributeError(f"module '{package}' has no attribute '{name}'; it has {known}")
        module = import_module(f"{package}.{modules[name]}")
        return module if name == modules[name] else getattr(module, name)

    return found

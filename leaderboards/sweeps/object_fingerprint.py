"""A fingerprint of a Python object by what it does: the code and the data that it can reach.

Two versions of a class that was edited in a notebook have different fingerprints, and so have two versions of a
function or of a table that it uses. The same cell executed again has the same fingerprint, in another process too.
"""

from __future__ import annotations

import copyreg
import dis
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from types import (
    BuiltinFunctionType,
    CodeType,
    FunctionType,
    MappingProxyType,
    MethodDescriptorType,
    ModuleType,
    WrapperDescriptorType,
)
from typing import Any

import numpy as np

from ...core.rooms import ROOMS

PLAIN = (type(None), bool, int, float, complex, str, bytes, type(Ellipsis), type(NotImplemented))
BUILT_IN = (BuiltinFunctionType, MethodDescriptorType, WrapperDescriptorType)
PASSED_OVER = {
    *("__dict__", "__weakref__", "__module__", "__doc__", "__annotations__", "__firstlineno__", "_abc_impl"),
    *(
        "__static_attributes__",
        "__annotate_func__",
        "__annotate__",
        "__annotations_cache__",
        "__conditional_annotations__",
    ),
}
"""Attributes of a class that do not change what it does."""


def object_fingerprint(found: Any) -> str:
    """SHA-256 over the code and the data that an object reaches; what is installed counts by its name and version.

    Args:
        found: A class, a function or any object.

    Returns:
        Hexadecimal digits; "" for an object that cannot be read (one that holds an open file or a lock, say).
    """
    try:
        return _Reader(found).digest
    except Exception:  # whatever a stranger's __reduce__ raises; who gets "" does not keep results
        return ""


class _Reader:
    """Walks an object once; what is met again is told by the number it was given first."""

    def __init__(self, found: Any) -> None:
        self._hash, self._seen, self._kept = sha256(sys.version.encode()), dict[int, int](), list[Any]()
        self._read(found)
        self.digest = self._hash.hexdigest()

    def _say(self, *words: object) -> None:
        for word in words:
            text = repr(word).encode()
            self._hash.update(b"%d:%s" % (len(text), text))

    def _read(self, found: Any) -> None:
        if isinstance(found, PLAIN) and type(found) in PLAIN:
            return self._say(type(found).__name__, found)
        if type(found) is tuple:  # equal ones may be one object or several
            return self._all("tuple", found)
        if id(found) in self._seen:
            return self._say("again", self._seen[id(found)])
        self._seen[id(found)] = len(self._seen)
        self._kept.append(found)  # so that no other object gets its id
        if isinstance(found, ModuleType):
            return self._module(found)
        if isinstance(found, (FunctionType, type)) and _is_installed(found.__module__):
            return self._say("installed", found.__module__, found.__qualname__, _version(found.__module__))
        if isinstance(found, BUILT_IN):
            return self._say("built in", found.__qualname__)
        if isinstance(found, FunctionType):
            return self._function(found)
        if isinstance(found, type):
            return self._class(found)
        if isinstance(found, CodeType):
            return self._code(found)
        return self._value(found)

    def _all(self, kind: str, parts: Iterable[Any]) -> None:
        self._say(kind)
        for part in parts:
            self._read(part)
        self._say("end")

    def _value(self, found: Any) -> None:
        if type(found) is np.ndarray and found.dtype != object:
            return self._say("array", found.dtype.str, found.shape, found.tobytes())
        if type(found) is list:
            return self._all("list", found)
        if isinstance(found, MappingProxyType) or type(found) is dict:
            return self._all("dict", (part for pair in found.items() for part in pair))
        if type(found) in (set, frozenset):
            return self._say(type(found).__name__, sorted(_Reader(part).digest for part in found))
        if isinstance(found, (staticmethod, classmethod)):
            return self._all(type(found).__name__, [found.__func__])
        if isinstance(found, cached_property):
            return self._all("cached property", [found.func])
        if isinstance(found, property):
            return self._all("property", [found.fget, found.fset, found.fdel])
        if type(found).__name__ in ("member_descriptor", "getset_descriptor"):
            return self._say("slot", found.__name__)
        reducer = copyreg.dispatch_table.get(type(found))
        reduced: Any = reducer(found) if reducer else found.__reduce_ex__(4)
        if isinstance(reduced, str):
            return self._say("named", type(found).__module__, reduced)
        parts = [*reduced, *[None] * (6 - len(reduced))]
        return self._all("object", [*parts[:3], list(parts[3] or ()), list(parts[4] or ()), parts[5]])

    def _module(self, found: ModuleType) -> None:
        if _is_installed(found.__name__):
            return self._say("module", found.__name__, _version(found.__name__))
        own = {name: value for name, value in vars(found).items() if not name.startswith("__")}
        return self._all("module", (part for pair in sorted(own.items(), key=lambda one: one[0]) for part in pair))

    def _function(self, found: FunctionType) -> None:
        self._all("function", [found.__name__, found.__code__, found.__defaults__, found.__kwdefaults__])
        self._all("closure", [cell.cell_contents for cell in found.__closure__ or ()])
        names = sorted(set(_globals_of(found.__code__)) & found.__globals__.keys())
        self._all("globals", (part for name in names for part in (name, found.__globals__[name])))

    def _code(self, found: CodeType) -> None:
        self._say("code", found.co_code, found.co_names, found.co_varnames, found.co_freevars, found.co_cellvars)
        self._say(found.co_argcount, found.co_kwonlyargcount, found.co_posonlyargcount, found.co_flags)
        self._all("constants", found.co_consts)

    def _class(self, found: type) -> None:
        self._all("class", [found.__qualname__, *found.__bases__, type(found)])
        own = {name: value for name, value in vars(found).items() if name not in PASSED_OVER}
        self._all("members", (part for name in sorted(own) for part in (name, own[name])))


def _globals_of(code: CodeType) -> Iterator[str]:
    """The global names that a function reads, functions within it too."""
    yield from (one.argval for one in dis.get_instructions(code) if one.opname in ("LOAD_GLOBAL", "LOAD_NAME"))
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _globals_of(constant)


def _is_installed(name: str | None) -> bool:
    """Whether a module is Python's, an installed package's or palaestra's: its name and version say what it does."""
    parts = (name or "").split(".")
    if parts[0] == __name__.partition(".")[0]:
        return len(parts) == 1 or parts[1] in {room.name for room in ROOMS}
    module = sys.modules.get(name or "")
    if module is None or parts[0] == "__main__":
        return False
    file = getattr(module, "__file__", None)
    if not isinstance(file, str):
        return getattr(module, "__spec__", None) is not None  # built in, or a folder that is a package
    folders = {sysconfig.get_path(kind) for kind in ("stdlib", "platstdlib", "purelib", "platlib")}
    path = Path(file).resolve()
    return any(path.is_relative_to(Path(folder).resolve()) for folder in folders if folder)


def _version(name: str) -> str:
    return str(getattr(sys.modules.get(name.partition(".")[0]), "__version__", ""))

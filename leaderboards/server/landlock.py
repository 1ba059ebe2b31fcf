"""Landlock: afterwards this process and its children can access only the named paths.

Source: Linux, Documentation/userspace-api/landlock.rst; a process without any privilege may restrict itself.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterable
from pathlib import Path

from .kernel_call import kernel_call

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_READING = _EXECUTE | _READ_FILE | _READ_DIR
_WRITING = _WRITE_FILE | _READ_FILE | _READ_DIR | (1 << 5) | (1 << 8) | (1 << 14)
"""To write, cut and remove plain files: none of them to be run, and no folders, links, pipes or devices."""
_OF_A_FILE = _EXECUTE | _WRITE_FILE | _READ_FILE | (1 << 14) | (1 << 15)
_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1}
"""All rights over files that a version of Landlock can take away; from version 5 on one more."""


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32))


def landlock(read: Iterable[Path], write: Iterable[Path], listed: Iterable[Path] = ()) -> None:
    """Allow reading and running what lies in `read`, plain files in `write`, and nothing else; no TCP either.

    Of what lies in `listed` names can be seen, contents cannot: Python lists a package's folder to import from it.

    Paths that do not exist are left out. It cannot be undone. The process must have set "no new privileges".

    Raises:
        OSError: This kernel has no Landlock (before 5.13, or switched off).
    """
    version = kernel_call("syscall", _CREATE, 0, 0, 1)
    everything = _RIGHTS.get(version, (1 << 16) - 1)
    rules = _Ruleset(everything, 3 if version >= 4 else 0, 3 if version >= 6 else 0)
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    ruleset = kernel_call("syscall", _CREATE, ctypes.byref(rules), size, 0)
    try:
        for paths, rights in ((read, _READING), (write, _WRITING), (listed, _READ_DIR)):
            for path in paths:
                if path.exists():
                    _allow(ruleset, path, rights & everything)
        kernel_call("syscall", _RESTRICT, ruleset, 0)
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: Path, rights: int) -> None:
    descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rule = _Beneath(rights if path.is_dir() else rights & _OF_A_FILE, descriptor)
        kernel_call("syscall", _ADD, ruleset, 1, ctypes.byref(rule), 0)
    finally:
        os.close(descriptor)

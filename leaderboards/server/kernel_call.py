"""Call functions of the Linux kernel that Python 3.11 does not offer, through the C library."""

from __future__ import annotations

import ctypes
import os
from typing import Any

_LIBRARY = ctypes.CDLL(None, use_errno=True)


def kernel_call(name: str, *arguments: Any) -> int:
    """Call a function of the C library that says -1 and errno when it fails.

    Args:
        name: `prctl`, `unshare`, `syscall`.
        arguments: Numbers and ctypes values; numbers are passed as C longs.

    Returns:
        What it returned, 0 or more.

    Raises:
        OSError: The kernel refused, with the function's name.
    """
    passed = [ctypes.c_long(one) if isinstance(one, int) else one for one in arguments]
    answer = int(getattr(_LIBRARY, name)(*passed))
    if answer < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), name)
    return answer

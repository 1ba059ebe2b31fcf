"""A seccomp filter: afterwards this process has no network, starts no process, and cannot attack others.

Source: Linux, Documentation/userspace-api/seccomp_filter.rst. The filter is a program of the classic Berkeley packet
filter over the number and the first argument of each system call; a denied call fails with EPERM. Threads are allowed.
"""

from __future__ import annotations

import ctypes
import platform

from .kernel_call import kernel_call

_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_DENIED = {
    "socket": (41, 198),
    "fork": (57, None),
    "vfork": (58, None),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "mount": (165, 40),
    "unshare": (272, 97),
    "setns": (308, 268),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),  # it could open sockets behind the filter's back
    "pidfd_getfd": (438, 438),
    "shmget": (29, 194),  # memory that no limit on the address space counts, and that outlives a process
    "memfd_create": (319, 279),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),  # the keyring of the user whom the service runs as
}
"""Name -> its number on x86_64 and on aarch64, where it has one."""

_CLONE, _CLONE3, _A_THREAD = (56, 220), 435, 0x10000
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _NOT_PERMITTED, _NOT_THERE, _KILL = 0x7FFF0000, 0x00050001, 0x00050026, 0x80000000
_NUMBER_AT, _ARCHITECTURE_AT, _FIRST_ARGUMENT_AT = 0, 4, 16
_X32 = 0x40000000


class _Instruction(ctypes.Structure):
    _fields_ = (("code", ctypes.c_uint16), ("yes", ctypes.c_uint8), ("no", ctypes.c_uint8), ("k", ctypes.c_uint32))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("first", ctypes.POINTER(_Instruction)))


def seccomp() -> None:
    """Install the filter. It cannot be undone. The process must have set "no new privileges".

    Raises:
        OSError: The kernel has no seccomp, or the processor is neither x86_64 nor aarch64.
    """
    machine = platform.machine()
    if machine not in _ARCHITECTURES:
        raise OSError(f"No filter is written for {machine}.")
    column = list(_ARCHITECTURES).index(machine)
    lines = [
        (_LOAD, 0, 0, _ARCHITECTURE_AT),
        (_EQUAL, 1, 0, _ARCHITECTURES[machine]),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER_AT),
        (_AT_LEAST, 0, 1, _X32),  # x32 numbers name the same calls once more; no program here uses them
        (_RETURN, 0, 0, _KILL),
        (_EQUAL, 0, 1, _CLONE3),  # its flags lie in memory, where no filter looks; the C library falls back to clone
        (_RETURN, 0, 0, _NOT_THERE),
    ]
    for both in _DENIED.values():
        if (number := both[column]) is not None:
            lines += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _NOT_PERMITTED)]
    lines += [
        (_EQUAL, 0, 3, _CLONE[column]),
        (_LOAD, 0, 0, _FIRST_ARGUMENT_AT),
        (_ANY_BIT, 1, 0, _A_THREAD),
        (_RETURN, 0, 0, _NOT_PERMITTED),
        (_RETURN, 0, 0, _ALLOW),
    ]
    program = (_Instruction * len(lines))(*(_Instruction(*line) for line in lines))
    kernel_call("prctl", 22, 2, ctypes.byref(_Program(len(lines), program)), 0, 0)

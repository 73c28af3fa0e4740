"""Run a command under the system call filter of systemd units, as systemd would, without systemd.

    python tests/wire/sandbox.py FILE COMMAND …

FILE has the lines SystemCallFilter= and MemoryDenyWriteExecute=: systemd.exec(5). Loads libseccomp:
seccomp_rule_add(3).
"""

from __future__ import annotations

import ctypes
import mmap
import os
import subprocess
import sys
from pathlib import Path

ALLOW = 0x7FFF0000  # SCMP_ACT_ALLOW
EPERM = 0x00050001  # SCMP_ACT_ERRNO(EPERM)
MASKED_EQUAL = 7  # SCMP_CMP_MASKED_EQ
NO_NEW_PRIVILEGES = 38  # PR_SET_NO_NEW_PRIVS
WRITE_EXECUTE = mmap.PROT_WRITE | mmap.PROT_EXEC
# The argument of each call, and the bits that together make memory both writable and executable.
DENIED = {"mmap": (2, WRITE_EXECUTE), "mprotect": (2, mmap.PROT_EXEC)}


class Comparison(ctypes.Structure):
    """struct scmp_arg_cmp."""

    _fields_ = (
        ("argument", ctypes.c_uint),
        ("operator", ctypes.c_int),
        ("mask", ctypes.c_uint64),
        ("value", ctypes.c_uint64),
    )


def main(file: str, *command: str) -> None:
    lines = Path(file).read_text().splitlines()
    calls: set[str] = set(members("@default"))
    for value in (line.partition("=")[2] for line in lines if line.startswith("SystemCallFilter=")):
        named = {call for name in value.lstrip("~").split() for call in members(name)}
        calls = calls - named if value.startswith("~") else calls | named
    enforce(calls, denies_writable_code="MemoryDenyWriteExecute=yes" in lines)
    os.execvp(command[0], command)


def members(name: str) -> list[str]:
    """Return the system calls of a set of systemd's, with those of the sets in it."""
    if not name.startswith("@"):
        return [name]
    command = ["systemd-analyze", "syscall-filter", "--no-pager", name]
    listed = subprocess.check_output(command, text=True).splitlines()[1:]
    entries = [line.strip() for line in listed if line.strip() and "#" not in line]
    return [call for entry in entries for call in members(entry)]


def enforce(calls: set[str], denies_writable_code: bool) -> None:
    """Refuse all other system calls of this process from now on."""
    library = ctypes.CDLL("libseccomp.so.2")
    library.seccomp_init.restype = ctypes.c_void_p
    context = ctypes.c_void_p(library.seccomp_init(EPERM))
    for call in calls:
        number = library.seccomp_syscall_resolve_name(call.encode())
        if not (denies_writable_code and call in DENIED):
            library.seccomp_rule_add(context, ALLOW, number, 0)
            continue
        argument, bits = DENIED[call]
        for allowed in {0, mmap.PROT_WRITE, mmap.PROT_EXEC} - {bits}:
            compared = Comparison(argument, MASKED_EQUAL, bits, allowed & bits)
            library.seccomp_rule_add_array(context, ALLOW, number, 1, ctypes.byref(compared))
    ctypes.CDLL(None).prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    assert library.seccomp_load(context) == 0


if __name__ == "__main__":
    main(*sys.argv[1:])

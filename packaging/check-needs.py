#!/usr/bin/env python3
"""Checks what the programs and libraries of an installed tree ask of a machine: check-needs.py PREFIX

Every ELF file below PREFIX may need the libraries of glibc and GCC's runtime, MPI's only in the plugin for it, others only where they lie
beside it; in no newer version than stated here; and may look for them in folders of the tree alone. Prints what each asks for;
ends with 1 when one asks for more.
"""

import re
import subprocess
import sys
from pathlib import Path

# The floor that is stated in docs/install.md: RHEL 9 and its like, Debian 12, Ubuntu 22.04.
LIMITS = {"GLIBC": (2, 34), "GLIBCXX": (3, 4, 29), "CXXABI": (1, 3, 13), "GCC": (9,)}
SYSTEM = re.compile(r"(ld-linux-x86-64|libc|libm|libdl|librt|libpthread|libgcc_s|libstdc\+\+)\.so\.\d+")
MPI = re.compile(r"libmpi\.so\.\d+")
VERSION = re.compile(r"\((GLIBC|GLIBCXX|CXXABI|GCC)_([\d.]+)\)")


def main():
    prefix = Path(sys.argv[1])
    files = [path for path in sorted(prefix.rglob("*")) if is_elf(path)]
    problems = [f"{path.relative_to(prefix)}: {problem}" for path in files for problem in judge(path, prefix)]
    problems += ["there is no program or library"] if not files else []
    print("\n".join(problems), file=sys.stderr)
    sys.exit(1 if problems else 0)


def is_elf(path):
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


def objdump(option, path):
    return subprocess.run(["objdump", option, path], capture_output=True, text=True, check=True).stdout


def judge(path, prefix):
    dynamic = objdump("-p", path)
    newest = {}
    for name, text in VERSION.findall(objdump("-T", path)):
        version = tuple(int(part) for part in text.split("."))
        newest[name] = max(newest.get(name, ()), version)
    asked = ", ".join(f"{name} {'.'.join(map(str, version))}" for name, version in sorted(newest.items()))
    print(f"{path.relative_to(prefix)}: {path.stat().st_size / 1e6:.1f} MB, {asked}")
    for name, version in newest.items():
        if version > LIMITS[name]:
            yield f"needs {name} {'.'.join(map(str, version))}; the floor is {'.'.join(map(str, LIMITS[name]))}"
    beside = {other.name for other in (prefix / "lib/xmdb").glob("*.so*")}
    for library in re.findall(r"^\s+NEEDED\s+(\S+)", dynamic, re.MULTILINE):
        mpi = path.name == "libxmdbmpi.so" and MPI.fullmatch(library)
        if not SYSTEM.fullmatch(library) and library not in beside and not mpi:
            yield f"needs {library}, which is neither in the tree nor everywhere"
    for paths in re.findall(r"^\s+(?:RPATH|RUNPATH)\s+(\S+)", dynamic, re.MULTILINE):
        yield from (f"looks for libraries in {folder}" for folder in paths.split(":") if not folder.startswith("$ORIGIN"))
    if "TEXTREL" in dynamic:
        yield "has code that is written to when it is loaded"


main()

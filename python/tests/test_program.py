import os
import subprocess
import sys

import pytest
import xmdb
from xmdb import _program


def test_program_and_package_have_one_version():
    assert xmdb.program_version() == xmdb.__version__


def test_the_module_is_the_program():
    done = subprocess.run([sys.executable, "-m", "xmdb", "--version"], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, f"xmdb {xmdb.__version__}\n")
    done = subprocess.run([sys.executable, "-m", "xmdb", "frobnicate"], capture_output=True, text=True)
    assert done.returncode == 2 and "is no command" in done.stderr


def test_without_a_program_the_message_says_what_to_do(monkeypatch, tmp_path):
    # A script of the same name, such as this package's own, is not the program.
    script = tmp_path / "xmdb"
    script.write_text("#!/bin/sh\n")
    script.chmod(0o755)
    monkeypatch.setattr(_program, "_PACKAGED", tmp_path)
    monkeypatch.delenv("XMDB_PROGRAM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(xmdb.XMDBError, match=r"\$PATH has none; install"):
        xmdb.executable()


def test_the_program_is_found_on_the_path(monkeypatch, tmp_path):
    (tmp_path / "xmdb").symlink_to(xmdb.executable())
    monkeypatch.setattr(_program, "_PACKAGED", tmp_path / "none")
    monkeypatch.delenv("XMDB_PROGRAM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert xmdb.executable() == str(tmp_path / "xmdb")


def test_the_extension_is_one_file():
    assert os.path.exists(xmdb.loadable_path() + ".so")

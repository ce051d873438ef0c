"""A wheel with the program inside belongs to a platform, but to no version of Python; one without it to neither."""

import os
from pathlib import Path

from setuptools import Distribution, setup
from setuptools.command.bdist_wheel import bdist_wheel

has_program = (Path(__file__).parent / "src/xmdb/program/bin/xmdb").exists()


class ProgramDistribution(Distribution):
    def has_ext_modules(self) -> bool:
        return has_program


class ProgramWheel(bdist_wheel):
    def get_tag(self) -> tuple[str, str, str]:
        # The platform is what packaging/wheel.sh has checked the program against.
        return ("py3", "none", os.environ.get("XMDB_WHEEL_PLATFORM", "linux_x86_64") if has_program else "any")


setup(distclass=ProgramDistribution, cmdclass={"bdist_wheel": ProgramWheel})

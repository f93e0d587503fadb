"""Installs the pinned, hashed packages with plain pip, and llama.cpp with the settings it needs.

python -m venv .venv && .venv/bin/python packaging/pip_install.py
"""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Run pip twice: the packages with their hashes, then the program itself."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    settings = project["tool"]["uv"]["config-settings-package"]["llama-cpp-python"]
    defines = " ".join(
        f"-D{name.removeprefix('cmake.define.')}={value}" for name, value in settings.items()
    )
    environment = os.environ | {
        "CMAKE_ARGS": f"{os.environ.get('CMAKE_ARGS', '')} {defines}".strip()
    }
    pip = [sys.executable, "-m", "pip", "install", "--no-deps"]
    for arguments in (["--require-hashes", "-r", str(ROOT / "requirements.txt")], [str(ROOT)]):
        status = subprocess.run([*pip, *arguments], env=environment, check=False).returncode
        if status:
            return status
    return 0


if __name__ == "__main__":
    sys.exit(main())

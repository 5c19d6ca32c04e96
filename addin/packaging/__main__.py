"""Makes the programs people install.

    python -m addin.packaging                                  the bundle dist/Ratable, for the system this runs on
    python -m addin.packaging installer [BUNDLE [INSTALLER]]   the installer, from a bundle for Windows

The same sources and packages give the same bytes: the order of sets is fixed and every time stamp is that of
SOURCE_DATE_EPOCH, a day of our own where the environment names none.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
BUNDLE = ROOT / "dist" / "Ratable"
_EPOCH = "1767225600"  # 2026-01-01


def bundle() -> int:
    environment = os.environ | {
        "PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": os.environ.get("SOURCE_DATE_EPOCH", _EPOCH),
    }  # fmt: skip
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN", "build.spec"]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def installer(bundle: Path = BUNDLE, out: Path | None = None) -> int:
    from addin.packaging.installer import NotCompiled, compiled

    try:
        print(compiled(bundle, out or bundle.parent / "RatableSetup.exe"))
    except NotCompiled as reason:
        print(f"addin.packaging: {reason}", file=sys.stderr)
        return 1
    return 0


def main(arguments: Sequence[str]) -> int:
    if not arguments:
        return bundle()
    if arguments[0] == "installer" and len(arguments) <= 3:
        return installer(*map(Path, arguments[1:]))
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

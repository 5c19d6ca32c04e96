"""Writes python3.def: python3.dll as a forwarder to python311.dll, for the build under Wine.

PySide6 and the packages written in Rust ask for python3.dll, which every Python for Windows has but no package carries.
Every name they ask for must be there: usage python3_dll.py PYTHON_FOLDER OUT.def, with pefile among its packages.
"""

import sys
from pathlib import Path

folder, out = Path(sys.argv[1]), Path(sys.argv[2])
packages = folder / "Lib" / "site-packages"
sys.path.insert(0, str(packages))
import pefile  # noqa: E402

EXPORTS, IMPORTS, DELAYED = (
    pefile.DIRECTORY_ENTRY[f"IMAGE_DIRECTORY_ENTRY_{name}"] for name in ("EXPORT", "IMPORT", "DELAY_IMPORT")
)


def read(path: Path, *directories: int) -> pefile.PE:
    found = pefile.PE(str(path), fast_load=True)
    found.parse_data_directories(list(directories))
    return found


exported = {symbol.name.decode() for symbol in read(folder / "python311.dll", EXPORTS).DIRECTORY_ENTRY_EXPORT.symbols}
wanted: set[str] = set()
for path in [*packages.rglob("*.pyd"), *packages.rglob("*.dll")]:
    library = read(path, IMPORTS, DELAYED)
    for entry in [
        *getattr(library, "DIRECTORY_ENTRY_IMPORT", []),
        *getattr(library, "DIRECTORY_ENTRY_DELAY_IMPORT", []),
    ]:
        if entry.dll.lower() == b"python3.dll":
            wanted |= {item.name.decode() for item in entry.imports if item.name}
if missing := wanted - exported:
    sys.exit(f"python311.dll lacks what python3.dll is asked for: {sorted(missing)}")
names = sorted(name for name in exported if name.startswith(("Py", "_Py")))
lines = ["LIBRARY python3.dll", "EXPORTS", *(f"  {name} = python311.{name}" for name in names)]
out.write_text("\n".join(lines) + "\n", "ascii")

"""Makes the programs people install: a bundle for this system, its notices, the installer for Windows."""

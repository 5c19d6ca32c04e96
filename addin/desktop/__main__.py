"""`python -m addin.desktop` is `ratable-desktop`."""

import sys

from addin.desktop import main

sys.exit(main())

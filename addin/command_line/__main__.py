"""`python -m addin.command_line` is `ratable`."""

import sys

from addin.command_line import main

sys.exit(main())

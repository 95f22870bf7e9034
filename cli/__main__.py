"""`python -m fillproof.cli`, the same as the `fillproof` command."""

import sys

from .main import main

sys.exit(main())

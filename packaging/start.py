"""What the frozen program runs."""

import sys

from writer_app.__main__ import main

sys.exit(main())

"""One thread for small matrix products, as the command line has it: sums do not depend on the machine."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

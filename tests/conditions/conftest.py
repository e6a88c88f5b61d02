"""Put the host's conditions where an installed package would be: they are found by name."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent))

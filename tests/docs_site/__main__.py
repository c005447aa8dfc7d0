"""`python -m tests.docs_site FOLDER` writes the site."""

import sys
from pathlib import Path

from tests.docs_site import build

written = build(Path(sys.argv[1]))
print(f"{len(written)} pages in {sys.argv[1]}")
print(f"Look at them: python3 -m http.server --directory {sys.argv[1]}")

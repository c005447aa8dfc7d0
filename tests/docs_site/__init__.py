"""The documents as a site of its own, with the look of the pages: `make docs`.

Each Markdown file of the documents becomes a page at the same place; what they link to
besides (queries, settings, tests) is copied as it is, and a folder becomes a list of
what is in it. So every link leads somewhere without a code host. The search is
Pagefind's; it needs a server of files, which `python3 -m http.server` is.
"""

from tests.docs_site.build import build
from tests.docs_site.documents import GROUPS, IN_NORWEGIAN, ROOT, sources

__all__ = ["GROUPS", "IN_NORWEGIAN", "ROOT", "build", "sources"]

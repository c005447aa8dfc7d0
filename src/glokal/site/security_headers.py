"""What browsers may do with a publication: the same from a server and a static host.

Content Security Policy Level 3, https://www.w3.org/TR/CSP3/.
"""

from __future__ import annotations

from glokal.site.page_paths import PLAIN

_FRAMES = "frame-ancestors 'none'"


def _pages(script: str) -> str:
    return (
        f"default-src 'none'; style-src 'self'; script-src {script}; img-src 'self'; "
        f"connect-src 'self' https:; form-action 'self'; base-uri 'none'; {_FRAMES}"
    )


# At least what the pages allow themselves by <meta>, which narrows it down.
PAGES = _pages("'self'")
# A worker has the policy of its own file: the engine is WebAssembly.
SCRIPTS = f"default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; {_FRAMES}"
# Data, pictures among them, that somebody opens as a page.
DATA = f"default-src 'none'; style-src 'unsafe-inline'; sandbox; {_FRAMES}"
# For hosts that know files by their paths only: pages, which say the rest themselves,
# and the worker.
EVERYTHING = _pages("'self' 'wasm-unsafe-eval'")

# Pages without scripts, forms and menus, made for the frames of other sites: nothing in
# them can be done by a click that somebody was led to (docs/decisions/0080).
PLAIN_PAGES = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors *"
)

# For browsers that don't know frame-ancestors; not on plain pages.
FRAME_OPTIONS = "X-Frame-Options"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    FRAME_OPTIONS: "DENY",
}

# How long an answer may be used again without asking (RFC 9111, section 5.2.2).
LASTING = "public, max-age=300"
# The statements of an edition never change.
EDITIONS = "edition/"
LATEST = f"{EDITIONS}latest/"
FOR_EVER = "public, max-age=31536000, immutable"


def is_plain(path: str) -> bool:
    """Whether a path below the publication's root is that of a plain page."""
    return path.startswith(PLAIN)


def is_of_edition(path: str) -> bool:
    """Whether a file has the statements of an edition."""
    return path.startswith(EDITIONS) and path.endswith(".gz")

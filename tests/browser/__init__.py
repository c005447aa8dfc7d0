"""What the pages do in a real browser: Chromium, driven by Playwright."""

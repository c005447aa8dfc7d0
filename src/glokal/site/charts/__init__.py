"""Pictures drawn at build time as SVG, each with its words beside it."""

"""The register as a workbook that people fill in, and back with nothing lost."""

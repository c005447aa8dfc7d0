"""The register as a workbook that people fill in: export, merge, dry run, report.

In come the graph and a workbook that comes back; out come a workbook, or the triples to
write and the rows that are refused.
"""

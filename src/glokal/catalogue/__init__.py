"""What portals read about the publication: catalogues of its data, words and services.

Every node has an IRI of its own that no change of the publication's address changes.
"""

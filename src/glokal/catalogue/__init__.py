"""What portals read about the publication: DCAT, ModellDCAT, SKOS, VoID, schema.org.

In come the settings, the data and the files of the publication; out come the triples of
its catalogues. Every node has an IRI of its own that no change of the publication's
address changes.
"""

PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX id: <https://example.org/id/>
INSERT DATA { id:appendix dcterms:language "nn" }

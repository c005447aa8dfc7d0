PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX id: <https://example.org/id/>
DELETE DATA { id:appendix dcterms:language "en" } ;
INSERT DATA { id:appendix dcterms:language "English" }

PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX id: <https://example.org/id/>
DELETE WHERE { id:inland-geometry dcterms:rights ?value }

PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX id: <https://example.org/id/>
INSERT DATA { id:inland-geometry dcterms:source "Et annet kart" }

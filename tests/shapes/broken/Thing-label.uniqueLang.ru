PREFIX id: <https://example.org/id/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
INSERT DATA { id:document rdfs:label "Enda en strategi for Fjordland"@nb }

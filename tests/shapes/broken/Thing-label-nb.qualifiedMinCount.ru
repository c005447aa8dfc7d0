PREFIX id: <https://example.org/id/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
DELETE DATA { id:document rdfs:label "Strategi for Fjordland"@nb }

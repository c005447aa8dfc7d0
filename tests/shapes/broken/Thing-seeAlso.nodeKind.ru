PREFIX id: <https://example.org/id/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
DELETE DATA { id:inland rdfs:seeAlso <https://example.net/about/inland> } ;
INSERT DATA { id:inland rdfs:seeAlso "Fjordland" }

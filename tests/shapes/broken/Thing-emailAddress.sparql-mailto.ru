PREFIX id: <https://example.org/id/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
INSERT DATA { id:abroad rdfs:seeAlso <mailto:kari@example.com> }

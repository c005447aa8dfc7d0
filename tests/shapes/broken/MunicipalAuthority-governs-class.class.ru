PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
INSERT DATA { id:other-land a glo:Country ; rdfs:label "Et annet land"@nb , "Another country"@en } ;
DELETE DATA { id:inland-authority glo:governs id:inland } ;
INSERT DATA { id:inland-authority glo:governs id:other-land }

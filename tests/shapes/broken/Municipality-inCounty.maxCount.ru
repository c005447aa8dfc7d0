PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
INSERT DATA {
  id:archipelago a glo:County ;
    rdfs:label "Øyene"@nb , "The islands"@en .
  id:inland glo:inCounty id:archipelago
}

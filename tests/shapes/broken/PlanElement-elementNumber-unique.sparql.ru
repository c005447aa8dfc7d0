PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
INSERT DATA {
  id:other-goal a glo:Goal ;
    rdfs:label "Enda et mål"@nb , "Another goal"@en ;
    glo:elementOf id:strategy ;
    glo:elementNumber 1 ;
    glo:statement "Noen reiser."@nb , "Some travel."@en ;
    glo:statedIn id:sentence
}

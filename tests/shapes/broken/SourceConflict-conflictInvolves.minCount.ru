PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
INSERT DATA {
  id:other-conflict a glo:SourceConflict ;
    rdfs:label "Uenighet om alt"@nb , "Disagreement on everything"@en ;
    skos:scopeNote "Alt er uklart."@nb , "All is unclear."@en ;
    glo:statedIn id:sentence , id:cell
}

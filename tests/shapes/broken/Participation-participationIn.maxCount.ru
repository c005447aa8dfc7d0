PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
INSERT DATA {
  id:voyage a glo:Project ;
    rdfs:label "Fjordreise"@nb , "Fjord voyage"@en ;
    glo:statedIn id:sentence .
  id:participation glo:participationIn id:voyage
}

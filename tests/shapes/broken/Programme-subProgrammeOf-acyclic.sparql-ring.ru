PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
INSERT DATA {
  id:third-programme a glo:Programme ;
    rdfs:label "Det tredje"@nb , "The third"@en ;
    glo:subProgrammeOf id:sub-programme ;
    glo:statedIn id:sentence .
  id:programme glo:subProgrammeOf id:third-programme
}

PREFIX confidence: <https://w3id.org/glokal/code/confidence/>
PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX record-scheme: <https://w3id.org/glokal/code/record-scheme/>
INSERT DATA {
  id:other-coast a glo:County ;
    rdfs:label "En annen kyst"@nb , "Another coast"@en ;
    glo:countyNumber "99" .
  id:other-number a glo:OutsideRecord ;
    glo:about id:other-coast ;
    glo:recordScheme record-scheme:county-number ;
    glo:recordValue "99" ;
    glo:recordSource "Fjordregisteret" ;
    glo:confidence confidence:high
}

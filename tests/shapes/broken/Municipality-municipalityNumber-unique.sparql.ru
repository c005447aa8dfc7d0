PREFIX confidence: <https://w3id.org/glokal/code/confidence/>
PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX record-scheme: <https://w3id.org/glokal/code/record-scheme/>
INSERT DATA {
  id:other-inland a glo:Municipality ;
    rdfs:label "Et annet innland"@nb , "Another inland"@en ;
    glo:municipalityNumber "9901" .
  id:other-number a glo:OutsideRecord ;
    glo:about id:other-inland ;
    glo:recordScheme record-scheme:municipality-number ;
    glo:recordValue "9901" ;
    glo:recordSource "Fjordregisteret" ;
    glo:confidence confidence:high
}

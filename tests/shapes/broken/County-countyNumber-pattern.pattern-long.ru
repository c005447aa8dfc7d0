PREFIX confidence: <https://w3id.org/glokal/code/confidence/>
PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX record-scheme: <https://w3id.org/glokal/code/record-scheme/>
INSERT DATA {
  id:archipelago a glo:County ;
    rdfs:label "Øyene"@nb , "The islands"@en ;
    glo:countyNumber "981" .
  id:archipelago-number a glo:OutsideRecord ;
    glo:about id:archipelago ;
    glo:recordScheme record-scheme:county-number ;
    glo:recordValue "981" ;
    glo:recordSource "Fjordregisteret" ;
    glo:confidence confidence:high
}

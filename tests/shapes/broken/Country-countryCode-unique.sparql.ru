PREFIX confidence: <https://w3id.org/glokal/code/confidence/>
PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX record-scheme: <https://w3id.org/glokal/code/record-scheme/>
INSERT DATA {
  id:other-land a glo:Country ;
    rdfs:label "Et annet land"@nb , "Another country"@en ;
    glo:countryCode "NO" .
  id:other-code a glo:OutsideRecord ;
    glo:about id:other-land ;
    glo:recordScheme record-scheme:country-code ;
    glo:recordValue "NO" ;
    glo:recordSource "Fjordregisteret" ;
    glo:confidence confidence:high
}

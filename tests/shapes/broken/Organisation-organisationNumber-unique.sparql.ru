PREFIX confidence: <https://w3id.org/glokal/code/confidence/>
PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX record-scheme: <https://w3id.org/glokal/code/record-scheme/>
INSERT DATA {
  id:other-authority a glo:Organisation ;
    rdfs:label "Et annet råd"@nb , "Another council"@en ;
    glo:organisationNumber "123456785" .
  id:other-number a glo:OutsideRecord ;
    glo:about id:other-authority ;
    glo:recordScheme record-scheme:organisation-number ;
    glo:recordValue "123456785" ;
    glo:recordSource "Fjordregisteret" ;
    glo:confidence confidence:high
}

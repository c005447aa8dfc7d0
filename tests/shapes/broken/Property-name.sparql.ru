PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
INSERT DATA {
  glo:OtherExampleOf a owl:DatatypeProperty ;
    rdfs:label "annet eksempel"@nb , "anna døme"@nn , "other example"@en ;
    skos:definition "Leder til en annen ting."@nb , "Leads to another thing."@en ;
    skos:example "Et skjær."@nb , "A skerry."@en ;
    rdfs:isDefinedBy <https://w3id.org/glokal/def>
}

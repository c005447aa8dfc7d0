PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
DELETE DATA { glo:exampleOf rdfs:label "is an example of"@en } ;
INSERT DATA { glo:exampleOf rdfs:label "example"@en }

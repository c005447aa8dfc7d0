PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
DELETE DATA { id:coast glo:countyNumber "99" } ;
INSERT DATA { id:coast glo:countyNumber "99"^^xsd:integer }

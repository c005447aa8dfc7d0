PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
DELETE DATA { id:inland-number glo:endDate "2020-12-31"^^xsd:date } ;
INSERT DATA { id:inland-number glo:endDate "2020-12-31" }

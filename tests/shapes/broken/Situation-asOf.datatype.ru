PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
DELETE DATA { id:disputed-membership glo:asOf "2023-03"^^xsd:gYearMonth } ;
INSERT DATA { id:disputed-membership glo:asOf "2023-03" }

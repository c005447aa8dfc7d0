PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
DELETE DATA { id:report glo:startDate "2024-01-01"^^xsd:date } ;
DELETE DATA { id:report glo:endDate "2027-06-30"^^xsd:date } ;
INSERT DATA { id:report glo:endDate "våren 2027" }

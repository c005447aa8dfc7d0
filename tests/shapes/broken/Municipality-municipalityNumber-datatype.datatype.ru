PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
DELETE DATA { id:inland glo:municipalityNumber "9901" } ;
INSERT DATA { id:inland glo:municipalityNumber "9901"^^xsd:integer }

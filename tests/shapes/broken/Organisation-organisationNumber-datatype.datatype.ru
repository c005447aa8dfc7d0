PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
DELETE DATA { id:inland-authority glo:organisationNumber "123456785" } ;
INSERT DATA { id:inland-authority glo:organisationNumber "123456785"^^xsd:integer }

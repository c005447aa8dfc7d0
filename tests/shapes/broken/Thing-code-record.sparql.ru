PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
DELETE DATA { id:inland-number glo:recordValue "9901" } ;
INSERT DATA { id:inland-number glo:recordValue "9902" }

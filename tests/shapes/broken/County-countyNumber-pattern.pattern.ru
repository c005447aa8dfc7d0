PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
DELETE DATA { id:coast glo:countyNumber "99" } ;
INSERT DATA { id:coast glo:countyNumber "9" . id:coast-number glo:recordValue "9" }

PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
DELETE DATA { id:spare-record glo:amount 100 } ;
INSERT DATA { id:spare-record glo:amount "100" }

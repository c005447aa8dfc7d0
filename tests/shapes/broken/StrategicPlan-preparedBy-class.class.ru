PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
DELETE DATA { id:strategy glo:preparedBy id:council } ;
INSERT DATA { id:strategy glo:preparedBy id:unknown }

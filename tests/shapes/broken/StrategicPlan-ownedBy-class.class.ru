PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
DELETE DATA { id:strategy glo:ownedBy id:council } ;
INSERT DATA { id:strategy glo:ownedBy id:unknown }

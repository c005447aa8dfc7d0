PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
DELETE DATA { id:council glo:cooperatesIn id:fjordland } ;
INSERT DATA { id:council glo:cooperatesIn id:unknown }

PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
DELETE DATA { id:council glo:listedIn id:strategy } ;
INSERT DATA { id:council glo:listedIn id:unknown }

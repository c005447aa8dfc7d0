PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
DELETE DATA { id:vision glo:visionOf id:council } ;
INSERT DATA { id:vision glo:visionOf id:unknown }

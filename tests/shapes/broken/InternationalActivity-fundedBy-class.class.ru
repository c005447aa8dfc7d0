PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
DELETE DATA { id:journey glo:fundedBy id:council } ;
INSERT DATA { id:journey glo:fundedBy id:unknown }

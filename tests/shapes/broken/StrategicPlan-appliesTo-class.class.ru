PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
DELETE DATA { id:strategy glo:appliesTo id:fjordland } ;
INSERT DATA { id:strategy glo:appliesTo id:unknown }

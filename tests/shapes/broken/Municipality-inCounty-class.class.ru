PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
DELETE DATA { id:inland glo:inCounty id:coast } ;
INSERT DATA { id:inland glo:inCounty id:unknown }

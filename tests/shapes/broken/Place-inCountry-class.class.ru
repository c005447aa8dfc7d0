PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
DELETE DATA { id:coast glo:inCountry id:land } ;
INSERT DATA { id:coast glo:inCountry id:unknown }

PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
DELETE DATA { id:land-code glo:recordSource "Fjordregisteret" } ;
INSERT DATA { id:land-code glo:recordSource "Fjordregisteret"@nb }

PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
DELETE DATA { id:report glo:reportSource "Melding fra Fjordland" } ;
INSERT DATA { id:report glo:reportSource "Melding"@nb }

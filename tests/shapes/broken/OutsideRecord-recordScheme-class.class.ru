PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
PREFIX record-scheme: <https://w3id.org/glokal/code/record-scheme/>
DELETE DATA { id:land-code glo:recordScheme record-scheme:country-code } ;
INSERT DATA { id:land-code glo:recordScheme id:unknown }

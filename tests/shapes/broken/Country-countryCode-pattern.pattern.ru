PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
DELETE DATA { id:land glo:countryCode "NO" } ;
INSERT DATA { id:land glo:countryCode "xf" . id:land-code glo:recordValue "xf" }

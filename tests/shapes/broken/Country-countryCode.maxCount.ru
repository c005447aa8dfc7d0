PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
INSERT DATA { id:land glo:countryCode "XG" . id:land-code glo:recordValue "XG" }

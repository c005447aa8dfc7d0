PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
INSERT DATA { id:land-code glo:recordSource "Et annet register" }

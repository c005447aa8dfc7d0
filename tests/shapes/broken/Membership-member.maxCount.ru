PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
INSERT DATA { id:accepted-membership glo:member id:land-authority }

PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
DELETE DATA { id:land-authority glo:governs id:land } ;
INSERT DATA { id:land-authority glo:governs id:abroad }

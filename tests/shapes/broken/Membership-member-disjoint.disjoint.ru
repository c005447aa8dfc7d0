PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
DELETE DATA { id:accepted-membership glo:member id:coast-authority } ;
INSERT DATA { id:accepted-membership glo:member id:council }

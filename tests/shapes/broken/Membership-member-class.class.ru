PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
DELETE DATA { id:disputed-membership glo:member id:inland-authority } ;
INSERT DATA { id:disputed-membership glo:member id:unknown }

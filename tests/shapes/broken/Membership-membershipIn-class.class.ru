PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
DELETE DATA { id:disputed-membership glo:membershipIn id:council } ;
INSERT DATA { id:disputed-membership glo:membershipIn id:unknown }

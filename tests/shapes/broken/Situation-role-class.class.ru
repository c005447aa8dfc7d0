PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
PREFIX role: <https://w3id.org/glokal/code/role/>
DELETE DATA { id:disputed-membership glo:role role:member } ;
INSERT DATA { id:disputed-membership glo:role id:unknown }

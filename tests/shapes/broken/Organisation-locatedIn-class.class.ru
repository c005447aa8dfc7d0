PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
DELETE DATA { id:council glo:locatedIn id:abroad } ;
INSERT DATA { id:council glo:locatedIn id:unknown }

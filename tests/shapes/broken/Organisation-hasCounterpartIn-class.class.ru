PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
DELETE DATA { id:council glo:hasCounterpartIn id:abroad } ;
INSERT DATA { id:council glo:hasCounterpartIn id:unknown }

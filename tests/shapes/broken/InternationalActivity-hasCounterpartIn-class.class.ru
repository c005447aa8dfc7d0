PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
DELETE DATA { id:journey glo:hasCounterpartIn id:abroad } ;
INSERT DATA { id:journey glo:hasCounterpartIn id:unknown }

PREFIX confidence: <https://w3id.org/glokal/code/confidence/>
PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
DELETE DATA { id:land-code glo:confidence confidence:high } ;
INSERT DATA { id:land-code glo:confidence id:unknown }

PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
DELETE DATA { id:strategy glo:refersToPlan id:wider-plan } ;
INSERT DATA { id:strategy glo:refersToPlan id:unknown }
